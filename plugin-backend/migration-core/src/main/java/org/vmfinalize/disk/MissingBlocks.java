package org.vmfinalize.disk;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.vmfinalize.backup.BackupDisk;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.FormatException;

/// The blocks of a live disk that are not local, for whoever brings them in.
///
/// The backup is read without any lock; what was read then fills only those blocks that are still missing, under the
/// lock that guests' writes of the same range take. So a guest's write is never overwritten, and never waits for the
/// backup.
///
/// **Threads:** any number.
public final class MissingBlocks {

    /// The unit of ranges: they start at multiples of it and end at multiples of it or at the end of the disk.
    public static final int BLOCK_BYTES = BlockMap.BLOCK_BYTES;

    /// A longer range than this is not locked in one go.
    static final long MAX_HELD_BYTES = 64L << 20;

    private static final int WRITTEN_AT_ONCE_BYTES = 128 << 10;

    private static final int SHIFT = Integer.numberOfTrailingZeros(BLOCK_BYTES);
    private static final MemorySegment ZEROS = MemorySegment.ofArray(new byte[BLOCK_BYTES]);

    private final String name;
    private final long size;
    private final VolumeFile flat;
    private final LocalBlocks blocks;
    private final BlockMap map;
    private final BlockSums sums;
    private final RangeLock ranges;
    private final PatientBackup backup;
    private final Durability durability;

    MissingBlocks(String name, long size, VolumeFile flat, LocalBlocks blocks, BlockSums sums,
            RangeLock ranges,
            PatientBackup backup,
            Durability durability) {
        this.name = name;
        this.size = size;
        this.flat = flat;
        this.blocks = blocks;
        this.map = blocks.map();
        this.sums = sums;
        this.ranges = ranges;
        this.backup = backup;
        this.durability = durability;
    }

    /// Whether all blocks are local.
    public boolean isEmpty() {
        return map.isComplete();
    }

    /// The first run of missing bytes in `range`; empty, at its end, if there is none.
    public ByteRange next(ByteRange range) {
        long end = Math.min(range.end(), size);
        long endBlock = Math.ceilDiv(end, (long) BLOCK_BYTES);
        long from = map.nextMissing(range.start() >> SHIFT, endBlock);
        long to = map.nextLocal(from, endBlock);
        long start = Math.clamp(from << SHIFT, range.start(), end);
        return new ByteRange(start, Math.clamp(to << SHIFT, start, end));
    }

    /// The backup disk.
    ///
    /// @throws IOException if it is away now
    public BackupDisk backup() throws IOException {
        return backup.source().disk();
    }

    /// Whether the backup lies behind a network: its location is a URI.
    public boolean isRemote() {
        return backup.source().location().contains("://");
    }

    /// Reads the backup, once, without waiting for one that is away. What lies behind its end is zeros.
    ///
    /// @throws BackupUnavailableException that says which disk waits for which place, since when
    /// @throws FormatException if the backup is damaged there; it says where
    public void read(ByteBuffer target, long position) throws IOException {
        try {
            backup.readOrSwitch(target, position);
        } catch (FormatException e) {
            throw new FormatException(
                    "disk %s: backup %s: damaged at byte %d: %s; restore from another backup".formatted(
                            name, backup.source().location(), position, e.getMessage()),
                    e);
        } catch (IOException e) {
            throw new BackupUnavailableException(
                    backup.trouble().map(BackupTrouble::text).orElse(String.valueOf(e.getMessage())), e);
        }
    }

    /// Stores the backup's bytes where blocks are still missing. Blocks of zeros are not stored but marked.
    ///
    /// @param data from position to limit; as long as a range may be, see [#BLOCK_BYTES]
    /// @param keepSpace whether space that was reserved for blocks of zeros is kept
    public void fill(ByteBuffer data, long position, boolean keepSpace) throws IOException {
        durability.checkWritable();
        long first = position >> SHIFT;
        long end = Math.ceilDiv(position + data.remaining(), (long) BLOCK_BYTES);
        var zeros = zeroBlocks(data);
        try (var _ = ranges.hold(ByteRange.of(position, data.remaining()))) {
            for (long block = map.nextMissing(first, end); block < end;) {
                long stop = map.nextLocal(block, end);
                fillRun(data, position, block, stop, zeros, keepSpace);
                block = map.nextMissing(stop, end);
            }
        }
        durability.limitPendingMarks();
    }

    /// Has the system begin to store a range that was filled, so that a later flush waits less.
    public void beginStoring(ByteRange range) {
        flat.beginStoring(range.start(), range.length());
    }

    /// Waits until the system has stored a range that was filled, and has it keep nothing of it in memory.
    public void storeAndForget(ByteRange range) {
        flat.storeAndForget(range.start(), range.length());
    }

    /// Fills missing blocks `[from, end)` from `data`, which lies at `position`.
    private void fillRun(ByteBuffer data, long position, long from, long end, long[] zeros, boolean keepSpace)
            throws IOException {
        long first = position >> SHIFT;
        for (long block = from; block < end;) {
            boolean zero = isSet(zeros, block - first);
            long stop = block + 1;
            while (stop < end && isSet(zeros, stop - first) == zero) {
                stop++;
            }
            long start = block << SHIFT;
            int length = (int) (Math.min(stop << SHIFT, size) - start);
            var bytes = data.slice(data.position() + (int) (start - position), length);
            sums.hydrated(block, bytes);
            if (zero) {
                clear(start, length, keepSpace);
            } else {
                write(bytes, start);
            }
            durability.pendingMarks(blocks.mark(block, stop, zero ? Origin.ZERO : Origin.BACKUP));
            block = stop;
        }
    }

    /// In parts: a guest's write waits for the file until the part before it is written.
    private void write(ByteBuffer bytes, long position) throws IOException {
        int end = bytes.limit();
        int first = bytes.position();
        for (int at = first; at < end; at += WRITTEN_AT_ONCE_BYTES) {
            flat.write(bytes.limit(Math.min(end, at + WRITTEN_AT_ONCE_BYTES)).position(at),
                    position + at - first);
        }
    }

    /// Marks the missing blocks of a range of which the backup says that it is zeros.
    public void fillZeros(ByteRange range, boolean keepSpace) throws IOException {
        durability.checkWritable();
        long end = Math.min(range.end(), size);
        for (long at = range.start(); at < end;) {
            // One part at a time, so that nobody waits long and no look-up goes beyond it.
            var part = new ByteRange(at, Math.min(end, at + MAX_HELD_BYTES));
            if (!next(part).isEmpty()) {
                fillZerosHeld(part, keepSpace);
                durability.limitPendingMarks();
            }
            at = part.end();
        }
    }

    private void fillZerosHeld(ByteRange part, boolean keepSpace) throws IOException {
        try (var _ = ranges.hold(part)) {
            for (var run = next(part); !run.isEmpty(); run = next(new ByteRange(run.end(), part.end()))) {
                long endBlock = Math.ceilDiv(run.end(), (long) BLOCK_BYTES);
                sums.forget(run.start() >> SHIFT, endBlock);
                clear(run.start(), run.length(), keepSpace);
                durability.pendingMarks(blocks.mark(run.start() >> SHIFT, endBlock, Origin.ZERO));
            }
        }
    }

    /// What a guest wrote just before a crash may still lie where the map knows nothing of it.
    private void clear(long position, long length, boolean keepSpace) throws IOException {
        if (flat.nextData(position, position + length) < position + length) {
            flat.zero(position, length, keepSpace);
        }
    }

    /// A bit for each block of `data` that is all zeros.
    private static long[] zeroBlocks(ByteBuffer data) {
        var bytes = MemorySegment.ofBuffer(data);
        int count = Math.ceilDiv(data.remaining(), BLOCK_BYTES);
        long[] zeros = new long[Math.ceilDiv(count, Long.SIZE)];
        for (int i = 0; i < count; i++) {
            long start = (long) i * BLOCK_BYTES;
            long length = Math.min(BLOCK_BYTES, bytes.byteSize() - start);
            // Most blocks of data differ in their first bytes, and a shorter question is answered sooner.
            if (length >= Long.BYTES && data.getLong(data.position() + (int) start) != 0) {
                continue;
            }
            if (MemorySegment.mismatch(bytes, start, start + length, ZEROS, 0, length) < 0) {
                zeros[i / Long.SIZE] |= 1L << i;
            }
        }
        return zeros;
    }

    private static boolean isSet(long[] bits, long index) {
        return (bits[(int) (index / Long.SIZE)] & (1L << index)) != 0;
    }
}
