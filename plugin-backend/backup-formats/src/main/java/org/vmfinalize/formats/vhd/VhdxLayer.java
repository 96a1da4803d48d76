package org.vmfinalize.formats.vhd;

import java.io.IOException;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.formats.chain.ChainFiles;
import org.vmfinalize.formats.chain.Layer;
import org.vmfinalize.formats.chain.Overlaps;
import org.vmfinalize.formats.chain.Run;
import org.vmfinalize.formats.chain.Source;
import org.vmfinalize.formats.chain.TablePages;

/// A dynamic, fixed or differencing VHDX (section 2.5 of [MS-VHDX]). An entry of its table has 8 bytes: the state of a
/// block in bits 0 to 2 and, from bit 20 on, the MiB of the file at which it begins. After the entries of a chunk, as many
/// blocks as 2^23 sectors make, comes the entry of its bitmap, which tells by a bit, the lowest of a byte first, which
/// sectors of a block that is partly there are in this file.
final class VhdxLayer implements Layer {

    private static final int NOT_PRESENT = 0;
    private static final int UNDEFINED = 1;
    private static final int ZERO = 2;
    private static final int UNMAPPED = 3;
    private static final int FULLY_PRESENT = 6;
    private static final int PARTIALLY_PRESENT = 7;

    private static final int STATE_MASK = 7;
    private static final long OFFSET_MASK = -1L << 20;
    private static final long MEBIBYTE = 1 << 20;
    private static final long CHUNK_SECTORS = 1L << 23;
    private static final int BITS = Long.SIZE;

    /// 64 TiB in the blocks of 32 MiB that Hyper-V makes.
    private static final long MAX_ENTRIES = 2 << 20;

    private final Source source;
    private final VhdxMetadata metadata;
    private final ByteRange table;
    private final TablePages pages;
    private final long fileSize;
    private final int chunkBlocks;

    /// @param pages entries of 8 bytes
    VhdxLayer(Source source, VhdxMetadata metadata, ByteRange table, TablePages pages)
            throws FormatException {
        this.source = source;
        this.metadata = metadata;
        this.table = table;
        this.pages = pages;
        this.fileSize = source.file().size();
        this.chunkBlocks = (int) (CHUNK_SECTORS * metadata.sectorSize() / metadata.blockSize());
        long needed = entryOf(blocks() - 1) + 1;
        if (needed > MAX_ENTRIES || needed * Long.BYTES > table.length()) {
            throw new FormatException(
                    "%s: VHDX region table: the allocation table must have %d entries, at most %d, but has %d bytes"
                            .formatted(source.file().location(), needed, MAX_ENTRIES, table.length()));
        }
    }

    @Override
    public long size() {
        return metadata.size();
    }

    @Override
    public int blockSize() {
        return metadata.blockSize();
    }

    private long blocks() {
        return Math.ceilDiv(size(), blockSize());
    }

    private long entryOf(long block) {
        return block + block / chunkBlocks;
    }

    /// Checks all entries: each block must lie in the file, and no two may lie over one another.
    void checkTable(ChainFiles files) throws IOException {
        if (!files.checksEntries((int) blocks())) {
            return;
        }
        Overlaps.check((int) blocks(), this::storedAt, blockSize(),
                (block, offset) -> damaged(block,
                        "the block must not lie over another but is at byte " + offset));
    }

    private long storedAt(int block) throws IOException {
        long entry = entry(block);
        int state = (int) entry & STATE_MASK;
        return state == FULLY_PRESENT || state == PARTIALLY_PRESENT ? offset(block, entry) : 0;
    }

    private long entry(long block) throws IOException {
        return pages.entryAt(table.start() + entryOf(block) * Long.BYTES);
    }

    private long offset(long block, long entry) throws FormatException {
        return place(block, "block", entry & OFFSET_MASK,
                Math.min(blockSize(), size() - block * blockSize()));
    }

    private long place(long block, String what, long offset, long length) throws FormatException {
        if (offset < MEBIBYTE || offset > fileSize - length) {
            throw damaged(block,
                    "the offset of the %s must be %d..%d but was %s; the file has %d bytes".formatted(
                            what, MEBIBYTE, fileSize - length, Long.toUnsignedString(offset), fileSize));
        }
        if (offset < table.end() && offset + length > table.start()) {
            throw damaged(block,
                    "the %s must not lie in the allocation table, %s, but is at byte %d".formatted(what,
                            table, offset));
        }
        return offset;
    }

    @Override
    public Run runAt(long position, long end) throws IOException {
        long block = position / blockSize();
        long start = block * blockSize();
        long limit = Math.min(end, start + blockSize());
        long entry = entry(block);
        return switch ((int) entry & STATE_MASK) {
            case NOT_PRESENT -> Run.nowhere(position, limit, Run.Kind.BELOW, source);
            case UNDEFINED, ZERO, UNMAPPED -> Run.nowhere(position, limit, Run.Kind.ZERO, source);
            case FULLY_PRESENT ->
                Run.stored(position, limit, source, offset(block, entry) + position - start);
            case PARTIALLY_PRESENT -> partly(block, entry, position, limit);
            default -> throw damaged(block, "the state must be 0..3, 6 or 7 but was " + (entry & STATE_MASK));
        };
    }

    private Run partly(long block, long entry, long position, long limit) throws IOException {
        if (metadata.parent().isEmpty()) {
            throw damaged(block, "a block must not be partly there in a disk without a parent but is");
        }
        long chunk = block / chunkBlocks;
        long bitmapEntry = pages
                .entryAt(table.start() + (chunk * (chunkBlocks + 1L) + chunkBlocks) * Long.BYTES);
        if ((bitmapEntry & STATE_MASK) != FULLY_PRESENT) {
            throw damaged(block, "the bitmap of a block that is partly there must be there but is not");
        }
        long bitmap = place(block, "bitmap", bitmapEntry & OFFSET_MASK, MEBIBYTE);
        int sectorSize = metadata.sectorSize();
        long chunkStart = chunk * chunkBlocks * blockSize();
        int sector = (int) ((position - chunkStart) / sectorSize);
        boolean here = isHere(bitmap, sector);
        int next = sector + 1;
        while (chunkStart + (long) next * sectorSize < limit && isHere(bitmap, next) == here) {
            next += sameFrom(bitmap, next, here);
        }
        long to = Math.min(limit, chunkStart + (long) next * sectorSize);
        return here
                ? Run.stored(position, to, source, offset(block, entry) + position - block * blockSize())
                : Run.nowhere(position, to, Run.Kind.BELOW, source);
    }

    /// How many sectors from that one on, up to the end of a word of the bitmap, are as it is.
    private int sameFrom(long bitmap, int sector, boolean here) throws IOException {
        long word = word(bitmap, sector) >>> sector % BITS;
        int same = Long.numberOfTrailingZeros(here ? ~word : word);
        return Math.clamp(same, 1, BITS - sector % BITS);
    }

    private boolean isHere(long bitmap, int sector) throws IOException {
        return (word(bitmap, sector) >>> sector % BITS & 1) != 0;
    }

    private long word(long bitmap, int sector) throws IOException {
        return pages.entryAt(bitmap + (long) (sector / BITS) * Long.BYTES);
    }

    private FormatException damaged(long block, String sentence) {
        return new FormatException(
                "%s: VHDX table entry of block %d: %s".formatted(source.file().location(), block, sentence));
    }
}
