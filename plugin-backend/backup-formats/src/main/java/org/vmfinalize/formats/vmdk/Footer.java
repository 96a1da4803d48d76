package org.vmfinalize.formats.vmdk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.formats.chain.Fields;

/// The footer of a stream-optimized file: a copy of the header that says where the grain directory is, which nobody knew
/// when the header was written. It lies in the sector before the last one, behind a marker. Files that went through an
/// archive or an upload may have padding after it.
///
/// A marker is one sector: a number of 8 bytes, 4 bytes of 0, and 4 bytes that tell what follows: 3 is the footer.
final class Footer {

    private static final int SECTOR = SparseHeader.SECTOR;
    private static final int SEARCHED_BYTES = 1 << 20;
    private static final int MARKER = 3;

    private Footer() {}

    /// @param header what the footer must agree with
    static SparseHeader.Parser of(BackupFile file, Fields header) throws IOException {
        long end = file.size() - file.size() % SECTOR;
        long start = Math.max(SECTOR, end - SEARCHED_BYTES);
        var tail = ByteBuffer.allocate((int) Math.max(0, end - start)).order(ByteOrder.LITTLE_ENDIAN);
        file.read(tail, start);
        for (int at = tail.limit() - 2 * SECTOR; at >= 0; at -= SECTOR) {
            if (isMarker(tail, at) && tail.getInt(at + SECTOR) == SparseHeader.MAGIC) {
                var footer = tail.slice(at + SECTOR, SECTOR).order(ByteOrder.LITTLE_ENDIAN);
                checkSame(header, new Fields(file.location(), "VMDK footer", footer));
                return new SparseHeader.Parser(file, "VMDK footer", footer);
            }
        }
        throw new FormatException(
                "%s: VMDK header: a footer must be at the end of the file but is not; the image is truncated: %s"
                        .formatted(file.location(), "transfer or export it again"));
    }

    private static boolean isMarker(ByteBuffer tail, int at) {
        return tail.getInt(at + 8) == 0 && tail.getInt(at + 12) == MARKER;
    }

    private static void checkSame(Fields header, Fields footer) throws FormatException {
        for (int offset : new int[]{4, 8, 12, 16, 20, 24, 44}) {
            if (footer.rawInt(offset) != header.rawInt(offset)) {
                throw footer.damaged(
                        "must agree with the header but has 0x%08x at byte %d where the header has 0x%08x"
                                .formatted(footer.rawInt(offset), offset, header.rawInt(offset)));
            }
        }
    }
}
