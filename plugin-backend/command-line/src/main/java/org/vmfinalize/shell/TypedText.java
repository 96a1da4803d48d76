package org.vmfinalize.shell;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jline.reader.CompletingParsedLine;

/// A line while it is typed, with what stands before the cursor.
final class TypedText implements CompletingParsedLine {

    private static final Pattern NAME = Pattern.compile("/?\\w*$");

    private final String line;
    private final int cursor;
    private final String before;
    private final Optional<Quoted> quoted;
    private final String word;

    /// @param quote the sign that the text began with
    /// @param context what stands before that sign
    record Quoted(char quote, String context, String text) {}

    TypedText(String line, int cursor) {
        this.line = line;
        this.cursor = cursor;
        this.before = line.substring(0, cursor);
        this.quoted = openQuote(before);
        this.word = quoted.map(Quoted::text).orElseGet(() -> nameAtEnd(before));
    }

    private static String nameAtEnd(String text) {
        var name = NAME.matcher(text);
        return name.find() ? name.group() : "";
    }

    private static Optional<Quoted> openQuote(String text) {
        int start = -1;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (start >= 0 && c == '\\') {
                i++;
            } else if (start >= 0 ? c == text.charAt(start) : c == '\'' || c == '"') {
                start = start >= 0 ? -1 : i;
            }
        }
        return start < 0
                ? Optional.empty()
                : Optional.of(new Quoted(text.charAt(start), text.substring(0, start),
                        text.substring(start + 1)));
    }

    /// The text in quotes that the cursor stands in.
    Optional<Quoted> quoted() {
        return quoted;
    }

    /// What stands before the word, with the text in quotes made harmless.
    String code() {
        var all = before.substring(0, before.length() - word.length());
        return all.replaceAll("\\\\.", "xx").replaceAll("'[^']*'|\"[^\"]*\"", "''");
    }

    /// What stands at the cursor and after it.
    String after() {
        return line.substring(cursor);
    }

    @Override
    public String word() {
        return word;
    }

    @Override
    public int wordCursor() {
        return word.length();
    }

    @Override
    public int wordIndex() {
        return 0;
    }

    @Override
    public List<String> words() {
        return List.of(word);
    }

    @Override
    public String line() {
        return line;
    }

    @Override
    public int cursor() {
        return cursor;
    }

    @Override
    public CharSequence escape(CharSequence candidate, boolean complete) {
        return candidate;
    }

    @Override
    public int rawWordCursor() {
        return word.length();
    }

    @Override
    public int rawWordLength() {
        return word.length();
    }
}
