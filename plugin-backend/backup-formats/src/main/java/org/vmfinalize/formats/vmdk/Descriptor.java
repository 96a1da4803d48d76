package org.vmfinalize.formats.vmdk;

import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.vmfinalize.backup.FormatException;

/// The text that describes an image: `key = value` lines, one line for each extent, and the disk database, which is not
/// needed for reading. What follows the first NUL is padding.
///
/// @param cid changes with each first write after an opening: 8 hexadecimal digits in lower case; empty if not given
/// @param parent the image below this one
/// @param extents at least one, in the order of the disk
record Descriptor(String cid, Optional<Parent> parent, List<ExtentLine> extents) {

    static final String FIRST_LINE = "# Disk DescriptorFile";

    static final int MAX_BYTES = 1 << 20;

    private static final int MAX_EXTENTS = 1024;
    private static final String NO_PARENT = "ffffffff";
    private static final Pattern EXTENT = Pattern.compile("(?i)(RW|RDONLY|NOACCESS)\\s.*");
    private static final Pattern CONTENT_ID = Pattern.compile("[0-9a-f]{1,8}");
    private static final Set<String> READABLE = Set.of("vmfs", "vmfsthin", "vmfseagerzeroedthick",
            "vmfspreallocated", "monolithicflat", "twogbmaxextentflat", "2gbmaxextentflat",
            "monolithicsparse", "twogbmaxextentsparse", "2gbmaxextentsparse", "streamoptimized", "vmfssparse",
            "sesparse");

    /// The image below.
    ///
    /// @param cid the one that it must have
    /// @param hint its path, not to be trusted
    record Parent(String cid, String hint) {}

    static boolean isAtStartOf(ByteBuffer head) {
        int length = Math.min(FIRST_LINE.length(), head.remaining());
        return StandardCharsets.ISO_8859_1.decode(head.slice(head.position(), length)).toString()
                .equalsIgnoreCase(FIRST_LINE);
    }

    /// Parses the text.
    ///
    /// @param file names the descriptor in messages
    /// @throws FormatException if a line is not as it must be, or the image is of a type that cannot be read
    static Descriptor parse(String file, ByteBuffer bytes) throws FormatException {
        return new Parser(file).parse(bytes);
    }

    private static final class Parser {

        private final String file;
        private final Map<String, String> values = new HashMap<>();
        private final List<ExtentLine> extents = new ArrayList<>();

        Parser(String file) {
            this.file = file;
        }

        Descriptor parse(ByteBuffer bytes) throws FormatException {
            // The encoding is stated in the text itself, in characters that are the same in all encodings.
            readLines(StandardCharsets.ISO_8859_1.decode(bytes.duplicate()).toString());
            Charset encoding = encoding();
            values.clear();
            extents.clear();
            readLines(encoding.decode(bytes.duplicate()).toString());
            checkType();
            if (extents.isEmpty()) {
                throw damaged("there must be at least one extent line but there is none");
            }
            return new Descriptor(contentId("cid"), parent(), List.copyOf(extents));
        }

        private void readLines(String text) throws FormatException {
            int end = text.indexOf(0);
            for (var line : (Iterable<String>) (end < 0 ? text : text.substring(0, end)).lines()::iterator) {
                readLine(line.strip());
            }
        }

        private void readLine(String line) throws FormatException {
            if (line.isEmpty() || line.startsWith("#")) {
                return;
            }
            if (EXTENT.matcher(line).matches()) {
                if (extents.size() == MAX_EXTENTS) {
                    throw damaged(
                            "there must be at most %d extents but there are more".formatted(MAX_EXTENTS));
                }
                extents.add(ExtentLine.parse(file, line));
                return;
            }
            int equals = line.indexOf('=');
            if (equals > 0) {
                String key = line.substring(0, equals).strip().toLowerCase(Locale.ROOT);
                values.putIfAbsent(key, unquoted(line.substring(equals + 1).strip()));
            }
        }

        private static String unquoted(String value) {
            boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
            return quoted ? value.substring(1, value.length() - 1) : value;
        }

        private Charset encoding() throws FormatException {
            String name = values.getOrDefault("encoding", "UTF-8");
            try {
                if (Charset.isSupported(name)) {
                    return Charset.forName(name);
                }
            } catch (IllegalCharsetNameException e) {
                throw new FormatException(message("encoding must be that of a text but was '%s'".formatted(
                        ExtentLine.shown(name))), e);
            }
            throw damaged("encoding must be one that this Java knows but was '%s'".formatted(
                    ExtentLine.shown(name)));
        }

        private void checkType() throws FormatException {
            String type = values.getOrDefault("createtype", "");
            if (!READABLE.contains(type.toLowerCase(Locale.ROOT))) {
                throw damaged(
                        "createType must be that of a flat, sparse or stream-optimized disk but was '%s'"
                                .formatted(ExtentLine.shown(type)));
            }
            if (values.getOrDefault("isnativesnapshot", "no").equalsIgnoreCase("yes")) {
                throw damaged("isNativeSnapshot must be no but was yes: the data are in the storage system");
            }
        }

        private Optional<Parent> parent() throws FormatException {
            String cid = contentId("parentcid");
            String hint = values.getOrDefault("parentfilenamehint", "");
            boolean stated = !cid.isEmpty() && !cid.equals(NO_PARENT);
            if (stated == hint.isEmpty()) {
                throw damaged(
                        "parentCID and parentFileNameHint must be given both or not at all but were '%s' and '%s'"
                                .formatted(cid, ExtentLine.shown(hint)));
            }
            return stated ? Optional.of(new Parent(cid, hint)) : Optional.empty();
        }

        private String contentId(String key) throws FormatException {
            String id = values.getOrDefault(key, "").toLowerCase(Locale.ROOT);
            if (!id.isEmpty() && !CONTENT_ID.matcher(id).matches()) {
                throw damaged("%s must be 8 hexadecimal digits but was '%s'".formatted(
                        key.equals("cid") ? "CID" : "parentCID", ExtentLine.shown(id)));
            }
            return id.isEmpty() ? id : "0".repeat(8 - id.length()) + id;
        }

        private FormatException damaged(String sentence) {
            return new FormatException(message(sentence));
        }

        private String message(String sentence) {
            return "%s: VMDK descriptor: %s".formatted(file, sentence);
        }
    }
}
