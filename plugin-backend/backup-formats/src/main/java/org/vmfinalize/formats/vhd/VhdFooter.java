package org.vmfinalize.formats.vhd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.backup.NotAnImageException;
import org.vmfinalize.formats.chain.Fields;

/// The footer of a VHD, of 512 bytes at the end of the file; all but fixed disks have a copy at the start.
///
///     offset  bytes  meaning
///          0      8  "conectix"
///         12      4  version, 0x00010000
///         16      8  offset of the dynamic disk header; all ones for fixed disks
///         48      8  virtual size in bytes
///         60      4  type: 2 fixed, 3 dynamic, 4 differencing
///         64      4  checksum: the complement of the sum of all other bytes
///         68     16  identifier
///
/// @param headerOffset of the dynamic disk header in the file; of no meaning for fixed disks
record VhdFooter(Type type, long size, long headerOffset, UUID id) {

    static final int BYTES = 512;
    static final byte[] COOKIE = "conectix".getBytes(StandardCharsets.US_ASCII);

    /// 64 TiB: above the largest virtual disk of vSphere, 62 TiB.
    static final long MAX_SIZE = 1L << 46;

    private static final int CHECKSUM = 64;

    enum Type {
        FIXED, DYNAMIC, DIFFERENCING
    }

    static boolean isAt(BackupFile file, long position) throws IOException {
        if (position < 0 || position > file.size() - BYTES) {
            return false;
        }
        var head = ByteBuffer.allocate(COOKIE.length);
        file.read(head, position);
        return head.flip().equals(ByteBuffer.wrap(COOKIE));
    }

    /// Reads the footer: the copy at the start if there is one, since the end of a file that grows is the first to be lost.
    static VhdFooter read(BackupFile file) throws IOException {
        long end = file.size() - BYTES;
        boolean atStart = isAt(file, 0);
        if (!atStart && !isAt(file, end)) {
            throw new NotAnImageException(
                    file.location()
                            + ": must begin or end with the footer of a VHD, 'conectix', but does not");
        }
        long position = atStart ? 0 : end;
        var bytes = ByteBuffer.allocate(BYTES);
        file.read(bytes, position);
        var fields = new Fields(file.location(), "VHD footer at " + position, bytes.flip());
        Checksum.check(fields, bytes, CHECKSUM);
        fields.intAt("version", 12, 0x0001_0000, 0x0001_ffff);
        long size = fields.longAt("current size", 48, 1, MAX_SIZE);
        Type type = Type.values()[fields.intAt("disk type", 60, 2, 4) - 2];
        if (type == Type.FIXED) {
            fields.longAt("current size", 48, 1, end);
            return new VhdFooter(type, size, 0, id(bytes, 68));
        }
        if (!atStart) {
            throw fields.damaged("must be at the start of the file too but is not; the image is damaged");
        }
        long header = fields.longAt("data offset", 16, BYTES,
                Math.max(BYTES, file.size() - DynamicHeader.BYTES));
        return new VhdFooter(type, size, header, id(bytes, 68));
    }

    static UUID id(ByteBuffer bytes, int offset) {
        return new UUID(bytes.getLong(offset), bytes.getLong(offset + Long.BYTES));
    }

    /// Checksums of VHD's structures.
    static final class Checksum {

        private Checksum() {}

        /// @param at where in the structure it stands
        static void check(Fields fields, ByteBuffer bytes, int at) throws FormatException {
            int sum = 0;
            for (int i = 0; i < bytes.limit(); i++) {
                sum += i >= at && i < at + Integer.BYTES ? 0 : Byte.toUnsignedInt(bytes.get(i));
            }
            if (~sum != bytes.getInt(at)) {
                throw fields
                        .damaged("the checksum must be 0x%08x but was 0x%08x; the image is damaged".formatted(
                                ~sum, bytes.getInt(at)));
            }
        }
    }
}
