package org.vmfinalize.formats.qcow2;

import java.nio.ByteBuffer;
import org.vmfinalize.backup.FormatException;

/// Numbers at fixed places of a structure, each taken only if it lies in its range.
///
/// Numbers are unsigned: one with the highest bit set is above every range, and is shown as it was meant.
final class Fields {

    private final String file;
    private final String structure;
    private final ByteBuffer bytes;

    /// @param bytes from its position to its limit
    Fields(String file, String structure, ByteBuffer bytes) {
        this.file = file;
        this.structure = structure;
        this.bytes = bytes.slice();
    }

    int length() {
        return bytes.limit();
    }

    int rawInt(int offset) {
        return bytes.getInt(offset);
    }

    long rawLong(int offset) {
        return bytes.getLong(offset);
    }

    int intAt(String field, int offset, long min, long max) throws FormatException {
        return (int) checked(field, Integer.toUnsignedLong(rawInt(offset)), min, max);
    }

    long longAt(String field, int offset, long min, long max) throws FormatException {
        return checked(field, rawLong(offset), min, max);
    }

    private long checked(String field, long value, long min, long max) throws FormatException {
        if (value < min || value > max) {
            throw damaged(
                    "%s must be %d..%d but was %s".formatted(field, min, max, Long.toUnsignedString(value)));
        }
        return value;
    }

    FormatException damaged(String sentence) {
        return new FormatException("%s: %s: %s".formatted(file, structure, sentence));
    }
}
