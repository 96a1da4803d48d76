package org.vmfinalize.formats.vhd;

import java.io.IOException;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.formats.chain.ChainFiles;
import org.vmfinalize.formats.chain.Layer;
import org.vmfinalize.formats.chain.Overlaps;
import org.vmfinalize.formats.chain.Run;
import org.vmfinalize.formats.chain.Source;
import org.vmfinalize.formats.chain.TablePages;

/// A dynamic or differencing VHD. An entry of its table is the sector at which a block begins, or all ones. A block is a
/// bitmap, padded to sectors, and the data: a bit, the highest of a byte first, tells whether the sector was written; if
/// not, it is in the layer below, or zeros.
final class VhdLayer implements Layer {

    private static final int SECTOR = 512;
    private static final long UNALLOCATED = 0xffff_ffffL;
    private static final int BITS = Long.SIZE;

    /// Looking for more that are missing would keep the caller waiting.
    private static final int MAX_MISSING_BLOCKS = 1 << 10;

    private final Source source;
    private final DynamicHeader header;
    private final TablePages table;
    private final TablePages bitmaps;
    private final long size;
    private final long fileSize;
    private final int bitmapBytes;

    /// @param table entries of 4 bytes
    /// @param bitmaps entries of 8 bytes
    VhdLayer(Source source, VhdFooter footer, DynamicHeader header, TablePages table, TablePages bitmaps) {
        this.source = source;
        this.header = header;
        this.table = table;
        this.bitmaps = bitmaps;
        this.size = footer.size();
        this.fileSize = source.file().size();
        this.bitmapBytes = Math.ceilDiv(header.blockSize() / SECTOR / Byte.SIZE, SECTOR) * SECTOR;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public int blockSize() {
        return header.blockSize();
    }

    private int blocks() {
        return (int) Math.ceilDiv(size, header.blockSize());
    }

    private long tableEnd() {
        return header.tableOffset() + (long) blocks() * Integer.BYTES;
    }

    /// Checks all entries: each must lie in the file, and no two may lie over one another.
    void checkTable(ChainFiles files) throws IOException {
        if (!files.checksEntries(blocks())) {
            return;
        }
        Overlaps.check(blocks(), this::blockOffset, bitmapBytes + header.blockSize(),
                (block, offset) -> damaged(block,
                        "the block must not lie over another but is at byte " + offset));
    }

    /// Where the block is in the file; 0 if it is nowhere.
    private long blockOffset(int block) throws IOException {
        long entry = table.entryAt(header.tableOffset() + (long) block * Integer.BYTES);
        if (entry == UNALLOCATED) {
            return 0;
        }
        long offset = entry * SECTOR;
        long length = bitmapBytes + Math.min(header.blockSize(), size - (long) block * header.blockSize());
        if (offset < SECTOR || offset > fileSize - length) {
            throw damaged(block,
                    "the offset must be %d..%d but was %d; the file has %d bytes%s".formatted(SECTOR,
                            fileSize - length, offset, fileSize,
                            offset < SECTOR ? "" : ", so the image is truncated"));
        }
        if (offset < tableEnd() && offset + length > header.tableOffset()) {
            throw damaged(block, "the block must not lie in the table, %d..%d, but is at byte %d".formatted(
                    header.tableOffset(), tableEnd() - 1, offset));
        }
        return offset;
    }

    @Override
    public Run runAt(long position, long end) throws IOException {
        int block = (int) (position / header.blockSize());
        long offset = blockOffset(block);
        return offset == 0 ? unallocated(block, position, end) : inBlock(offset, block, position, end);
    }

    private Run unallocated(int first, long position, long end) throws IOException {
        int block = first + 1;
        while ((long) block * header.blockSize() < end && block - first < MAX_MISSING_BLOCKS
                && blockOffset(block) == 0) {
            block++;
        }
        return Run.nowhere(position, Math.min(end, (long) block * header.blockSize()), Run.Kind.BELOW,
                source);
    }

    private Run inBlock(long offset, int block, long position, long end) throws IOException {
        long start = (long) block * header.blockSize();
        long limit = Math.min(end, start + header.blockSize());
        int sector = (int) ((position - start) / SECTOR);
        boolean written = isWritten(offset, sector);
        int next = sector + 1;
        while (start + (long) next * SECTOR < limit && isWritten(offset, next) == written) {
            next += sameFrom(offset, next, written);
        }
        long to = Math.min(limit, start + (long) next * SECTOR);
        return written
                ? Run.stored(position, to, source, offset + bitmapBytes + position - start)
                : Run.nowhere(position, to, Run.Kind.BELOW, source);
    }

    /// How many sectors from that one on, up to the end of a word of the bitmap, are as it is.
    private int sameFrom(long offset, int sector, boolean written) throws IOException {
        long word = word(offset, sector) << sector % BITS;
        int same = Long.numberOfLeadingZeros(written ? ~word : word);
        return Math.clamp(same, 1, BITS - sector % BITS);
    }

    private boolean isWritten(long offset, int sector) throws IOException {
        return word(offset, sector) << sector % BITS < 0;
    }

    private long word(long offset, int sector) throws IOException {
        return bitmaps.entryAt(offset + (long) (sector / BITS) * Long.BYTES);
    }

    private FormatException damaged(int block, String sentence) {
        return new FormatException(
                "%s: VHD table entry %d: %s".formatted(source.file().location(), block, sentence));
    }
}
