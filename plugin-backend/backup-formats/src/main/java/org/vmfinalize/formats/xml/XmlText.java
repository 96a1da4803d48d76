package org.vmfinalize.formats.xml;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The text of a document, in UTF-8 or the encoding that its declaration states.
final class XmlText {

    private static final int DECLARATION_BYTES = 200;
    private static final Pattern ENCODING = Pattern
            .compile(
                    "^(?:\u00ef\u00bb\u00bf)?\\s*<\\?xml[^>]*\\sencoding\\s*=\\s*[\"']([A-Za-z0-9._-]+)[\"']");
    private static final Map<String, Charset> ENCODINGS = Map.of("utf-8", StandardCharsets.UTF_8, "us-ascii",
            StandardCharsets.US_ASCII, "iso-8859-1", StandardCharsets.ISO_8859_1, "windows-1252",
            Charset.forName("windows-1252"));

    private XmlText() {}

    /// @throws CharacterCodingException if the bytes are no text in that encoding, or the encoding is none of those
    ///     that descriptions of machines are written in
    static String of(byte[] bytes) throws CharacterCodingException {
        String text = encoding(bytes).newDecoder().onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT).decode(ByteBuffer.wrap(bytes)).toString();
        return text.startsWith("\ufeff") ? text.substring(1) : text;
    }

    private static Charset encoding(byte[] bytes) throws CharacterCodingException {
        var start = new String(bytes, 0, Math.min(bytes.length, DECLARATION_BYTES),
                StandardCharsets.ISO_8859_1);
        Matcher declared = ENCODING.matcher(start);
        Charset encoding = declared.find()
                ? ENCODINGS.get(declared.group(1).toLowerCase(Locale.ROOT))
                : StandardCharsets.UTF_8;
        if (encoding == null) {
            throw new CharacterCodingException();
        }
        return encoding;
    }
}
