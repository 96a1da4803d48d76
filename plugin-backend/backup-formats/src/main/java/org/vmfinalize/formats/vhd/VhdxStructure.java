package org.vmfinalize.formats.vhd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.formats.chain.Fields;

/// A piece of a VHDX, read whole: headers, region tables and metadata.
///
/// @param bytes little-endian
record VhdxStructure(ByteBuffer bytes, Fields fields) {

    private static final int CHECKSUM = 4;

    /// @param what messages call it, such as "VHDX header"
    static VhdxStructure read(BackupFile file, String what, long position, int length) throws IOException {
        if (position > file.size() - length) {
            throw new FormatException(
                    "%s: %s: must have %d bytes at byte %d but the file has %d; %s".formatted(
                            file.location(), what, length, position, file.size(), "the image is truncated"));
        }
        var bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        file.read(bytes, position);
        bytes.flip();
        return new VhdxStructure(bytes,
                new Fields(file.location(), "%s at %d".formatted(what, position), bytes));
    }

    /// Whether it begins with that signature and has the right CRC-32C, which is over all of it with zeros in its place.
    boolean isSound(int signature) {
        if (bytes.getInt(0) != signature) {
            return false;
        }
        byte[] copy = fields.bytes(0, bytes.limit());
        ByteBuffer.wrap(copy).putInt(CHECKSUM, 0);
        var crc = new CRC32C();
        crc.update(copy);
        return (int) crc.getValue() == bytes.getInt(CHECKSUM);
    }
}
