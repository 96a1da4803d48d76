package org.vmfinalize.formats.chain;

import java.nio.ByteBuffer;
import org.vmfinalize.backup.FormatException;

/// Numbers at fixed places of a structure, each taken only if it lies in its range.
///
/// Numbers are unsigned: one with the highest bit set is above every range, and is shown as it was meant.
public final class Fields {

    private final String file;
    private final String structure;
    private final ByteBuffer bytes;

    /// @param structure what messages call it, such as "qcow2 header"
    /// @param bytes from its position to its limit, in the order of bytes that they have
    public Fields(String file, String structure, ByteBuffer bytes) {
        this.file = file;
        this.structure = structure;
        this.bytes = bytes.slice().order(bytes.order());
    }

    public int length() {
        return bytes.limit();
    }

    public int rawInt(int offset) {
        return bytes.getInt(offset);
    }

    public long rawLong(int offset) {
        return bytes.getLong(offset);
    }

    /// A copy of `length` bytes, which are there.
    public byte[] bytes(int offset, int length) {
        var copy = new byte[length];
        bytes.get(offset, copy);
        return copy;
    }

    public int intAt(String field, int offset, long min, long max) throws FormatException {
        return (int) unsignedIntAt(field, offset, min, max);
    }

    public long unsignedIntAt(String field, int offset, long min, long max) throws FormatException {
        return checked(field, Integer.toUnsignedLong(rawInt(offset)), min, max);
    }

    public long longAt(String field, int offset, long min, long max) throws FormatException {
        return checked(field, rawLong(offset), min, max);
    }

    private long checked(String field, long value, long min, long max) throws FormatException {
        if (value < min || value > max) {
            throw damaged(
                    "%s must be %d..%d but was %s".formatted(field, min, max, Long.toUnsignedString(value)));
        }
        return value;
    }

    public FormatException damaged(String sentence) {
        return new FormatException("%s: %s: %s".formatted(file, structure, sentence));
    }
}
