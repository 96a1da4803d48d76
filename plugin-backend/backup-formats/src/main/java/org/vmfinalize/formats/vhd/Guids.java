package org.vmfinalize.formats.vhd;

import java.nio.ByteBuffer;
import java.util.UUID;

/// GUIDs as Microsoft stores them: the first three parts little-endian, the rest as it is.
final class Guids {

    static final UUID NONE = new UUID(0, 0);

    private Guids() {}

    /// @param bytes little-endian
    static UUID at(ByteBuffer bytes, int offset) {
        long first = Integer.toUnsignedLong(bytes.getInt(offset));
        long second = Short.toUnsignedLong(bytes.getShort(offset + 4));
        long third = Short.toUnsignedLong(bytes.getShort(offset + 6));
        return new UUID(first << 32 | second << 16 | third, Long.reverseBytes(bytes.getLong(offset + 8)));
    }
}
