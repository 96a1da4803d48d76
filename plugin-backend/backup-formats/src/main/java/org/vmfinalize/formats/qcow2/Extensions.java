package org.vmfinalize.formats.qcow2;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.formats.chain.Fields;

/// The header extensions that matter for reading (section "Header extensions"): each is a type and a length, of 4 bytes
/// each, and then its data, padded to a multiple of 8 bytes. Type 0 ends them.
///
/// @param backingFormat the format of the backing file
/// @param dataFile the name of the external data file
/// @param featureNames the table of feature names: 48 bytes each, of which the first is the kind, the second the number
///     of the bit, and the rest the name, padded with zeros
record Extensions(Optional<String> backingFormat, Optional<String> dataFile, ByteBuffer featureNames) {

    private static final int END = 0;
    private static final int BACKING_FORMAT = 0xe279_2aca;
    private static final int DATA_FILE = 0x4441_5441;
    private static final int FEATURE_NAMES = 0x6803_f857;

    private static final int ENTRY_HEAD = 8;
    private static final int FEATURE_BYTES = 48;
    private static final int MAX_FORMAT_NAME = 64;
    private static final int MAX_FILE_NAME = 1023;
    /// More than 100 names; nobody has so many features.
    private static final int MAX_FEATURE_TABLE = 128 * FEATURE_BYTES;
    private static final int MAX_EXTENSIONS = 256;

    /// @param start where the first extension is
    /// @param end where they must end: the name of the backing file, or the end of the first cluster
    static Extensions read(BackupFile file, int start, int end) throws IOException {
        Optional<String> backingFormat = Optional.empty();
        Optional<String> dataFile = Optional.empty();
        ByteBuffer featureNames = ByteBuffer.allocate(0);
        int position = start;
        for (int count = 0; count < MAX_EXTENSIONS && position <= end - ENTRY_HEAD; count++) {
            var head = new Fields(file.location(), "qcow2 header extension at " + position,
                    bytes(file, position, ENTRY_HEAD));
            int type = head.rawInt(0);
            if (type == END) {
                break;
            }
            int length = head.intAt("length", 4, 0, end - position - ENTRY_HEAD);
            if (type == BACKING_FORMAT) {
                head.intAt("length of the backing format's name", 4, 1, MAX_FORMAT_NAME);
                backingFormat = Optional.of(text(bytes(file, position + ENTRY_HEAD, length)));
            } else if (type == DATA_FILE) {
                head.intAt("length of the external data file's name", 4, 1, MAX_FILE_NAME);
                dataFile = Optional.of(text(bytes(file, position + ENTRY_HEAD, length)));
            } else if (type == FEATURE_NAMES) {
                featureNames = bytes(file, position + ENTRY_HEAD, Math.min(length, MAX_FEATURE_TABLE));
            }
            position += ENTRY_HEAD + Math.ceilDiv(length, 8) * 8;
        }
        return new Extensions(backingFormat, dataFile, featureNames);
    }

    /// The name that the image gives to a bit of its incompatible features.
    Optional<String> incompatibleFeature(int bit) {
        for (int at = 0; at + FEATURE_BYTES <= featureNames.limit(); at += FEATURE_BYTES) {
            if (featureNames.get(at) == 0 && featureNames.get(at + 1) == bit) {
                return Optional.of(text(featureNames.slice(at + 2, FEATURE_BYTES - 2)));
            }
        }
        return Optional.empty();
    }

    private static String text(ByteBuffer bytes) {
        String text = StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
        int end = text.indexOf(0);
        return (end < 0 ? text : text.substring(0, end)).replaceAll("\\p{Cntrl}", "?");
    }

    private static ByteBuffer bytes(BackupFile file, int position, int length) throws IOException {
        if (position + (long) length > file.size()) {
            throw new FormatException(
                    "%s: qcow2 header extension: must end by %d, the file's end, but ends at %d"
                            .formatted(file.location(), file.size(), position + (long) length));
        }
        var bytes = ByteBuffer.allocate(length);
        file.read(bytes, position);
        return bytes.flip();
    }
}
