package org.vmfinalize.disk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.Extent;

/// Reads back blocks that are local and proves that each is the guest's or the backup's, while the guest goes on writing.
///
/// **What is proven:** a block that the guest had not written when it was read has the backup's bytes: their checksum is
/// that of the bytes that were hydrated, or, where none is kept or it differs, they are the same as the backup's, which is
/// read for it. A block that the guest has written, even in part, is the guest's: of its bytes nobody else knows.
///
/// **Why it holds beside writes:** a write first leaves the mark that the block is the guest's and then the bytes. Here the
/// bytes are read first, then the marks. So who sees bytes of a write sees its mark.
///
/// **Threads:** any number, each with its buffer.
public final class BlockProof {

    private static final int BLOCK = BlockMap.BLOCK_BYTES;
    private static final int SHIFT = Integer.numberOfTrailingZeros(BLOCK);
    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(BLOCK).asReadOnlyBuffer();

    private final String name;
    private final long size;
    private final VolumeFile flat;
    private final BlockSums sums;
    private final PatientBackup backup;

    BlockProof(String name, long size, VolumeFile flat, BlockSums sums, PatientBackup backup) {
        this.name = name;
        this.size = size;
        this.flat = flat;
        this.sums = sums;
        this.backup = backup;
    }

    /// How many blocks are whose.
    ///
    /// @param guest that the guest has written
    /// @param backup that are the backup's and not zeros
    /// @param zeros that are the backup's and zeros
    public record Blocks(long guest, long backup, long zeros) {

        public static final Blocks NONE = new Blocks(0, 0, 0);

        public Blocks plus(Blocks other) {
            return new Blocks(guest + other.guest, backup + other.backup, zeros + other.zeros);
        }
    }

    /// The first byte from `position` on that may be stored; `end` if all is a hole, which reads as zeros.
    public long nextData(long position, long end) throws IOException {
        return flat.nextData(position, end);
    }

    /// Proves a range and leaves its bytes in `target`, from position to limit, which is as long as the range.
    ///
    /// @param position a multiple of 4096; the range ends at one, too, or at the disk's end
    /// @throws WrongBlockException if a block is neither the guest's nor the backup's
    /// @throws IOException if the disk, or the backup where it is needed, cannot be read now
    public Blocks read(ByteBuffer target, long position) throws IOException {
        int start = target.position();
        flat.read(target, position);
        var bytes = target.slice(start, target.position() - start);
        return prove(position >> SHIFT, bytes.limit(), bytes);
    }

    /// Proves a range that is a hole, block-aligned as for [#read]. A write that fills it meanwhile is the guest's.
    public Blocks proveHole(ByteRange range) throws IOException {
        long from = range.start() >> SHIFT;
        long end = Math.ceilDiv(range.end(), (long) BLOCK);
        if (sums.isUnknown(from, end) && isZeroInBackup(range)) {
            return new Blocks(0, 0, end - from);
        }
        var all = Blocks.NONE;
        for (long at = range.start(); at < range.end(); at += ZERO_STEP) {
            int length = (int) Math.min(ZERO_STEP, range.end() - at);
            all = all.plus(prove(at >> SHIFT, length, null));
        }
        return all;
    }

    private static final int ZERO_STEP = 1 << 20;

    /// @param bytes of the blocks from `first` on; null: zeros
    private Blocks prove(long first, int length, @Nullable ByteBuffer bytes)
            throws IOException {
        int count = Math.ceilDiv(length, BLOCK);
        int[] slots = sums.slots(first, count);
        var crc = new CRC32C();
        long guest = 0;
        long zeros = 0;
        for (int i = 0; i < count; i++) {
            if (slots[i] == BlockSums.GUEST) {
                guest++;
                continue;
            }
            var block = bytes == null
                    ? ZEROS.slice(0, Math.min(BLOCK, length - i * BLOCK))
                    : bytes.slice(i * BLOCK, Math.min(BLOCK, length - i * BLOCK));
            zeros += isZero(block) ? 1 : 0;
            if (slots[i] == BlockSums.UNKNOWN || slots[i] != BlockSums.slot(crc, block.duplicate())) {
                compareWithBackup((first + i) << SHIFT, block);
            }
        }
        return new Blocks(guest, count - guest - zeros, zeros);
    }

    private void compareWithBackup(long position, ByteBuffer block) throws IOException {
        var range = ByteRange.of(position, block.remaining());
        if (isZero(block) && isZeroInBackup(range)) {
            return;
        }
        var expected = ByteBuffer.allocate(block.remaining());
        backup.readNow(expected, position);
        if (!expected.flip().equals(block)) {
            throw new WrongBlockException(name, position, range.length());
        }
    }

    private static boolean isZero(ByteBuffer block) {
        return MemorySegment.ofBuffer(block)
                .mismatch(MemorySegment.ofBuffer(ZEROS.slice(0, block.remaining()))) < 0;
    }

    /// Whether the backup knows without reading that a range is zeros. What lies behind its end is.
    private boolean isZeroInBackup(ByteRange range) throws IOException {
        var disk = backup.source().disk();
        var stored = range.within(new ByteRange(0, Math.min(size, disk.size())));
        if (stored.isEmpty()) {
            return true;
        }
        try {
            var extents = disk.extents(stored);
            while (extents.hasNext()) {
                if (extents.next().kind() != Extent.Kind.ZERO) {
                    return false;
                }
            }
            return true;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
