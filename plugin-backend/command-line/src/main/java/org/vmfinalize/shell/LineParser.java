package org.vmfinalize.shell;

import org.jline.reader.ParsedLine;
import org.jline.reader.impl.DefaultParser;

/// Takes lines apart as Groovy does: a line whose quotes or brackets are open goes on. For completion the word is what
/// there is of a name before the cursor.
final class LineParser extends DefaultParser {

    LineParser() {
        setRegexCommand("/?[a-zA-Z!]\\S*");
        setEofOnUnclosedQuote(true);
        setEofOnEscapedNewLine(true);
        setEofOnUnclosedBracket(Bracket.CURLY, Bracket.ROUND, Bracket.SQUARE);
        blockCommentDelims(new BlockCommentDelims("/*", "*/")).lineCommentDelims(new String[]{"//"});
    }

    @Override
    public ParsedLine parse(String line, int cursor, ParseContext context) {
        return context == ParseContext.COMPLETE
                ? new TypedText(line, cursor)
                : super.parse(line, cursor, context);
    }
}
