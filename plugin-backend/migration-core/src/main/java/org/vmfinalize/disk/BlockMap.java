package org.vmfinalize.disk;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// Which blocks of a disk are local. A block that is local stays so.
///
/// Two levels: a chunk of 16,384 blocks (64 MiB) has no local block, all of them, or some, and only the last kind takes
/// a bit per block (2 KiB a chunk).
///
/// **Threads:** any number may ask at any time, without a lock: who sees a block as local also sees what was written
/// before it was marked. One thread at a time may mark; the caller sees to that.
@SuppressWarnings("ReferenceEquality") // ALL is one object, told from others by what it is
final class BlockMap {

    static final int BLOCK_BYTES = 4096;
    static final int CHUNK_BLOCKS = 16_384;
    static final int CHUNK_WORDS = CHUNK_BLOCKS / Long.SIZE;

    /// Stands for a chunk that is local as a whole.
    private static final long[] ALL = new long[0];
    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);

    private final long blockCount;

    /// null: none; [#ALL]; else a bit per block.
    private final AtomicReferenceArray<long @Nullable []> chunks;

    /// How many blocks of each chunk are local. Touched by the marking thread only.
    private final int[] localInChunk;

    private volatile long localBlocks;

    /// How many blocks are local by each [Origin]. Touched by the marking thread only.
    private final long[] byOrigin = new long[Origin.COUNT];

    BlockMap(long blockCount) {
        this.blockCount = blockCount;
        int chunkCount = Math.toIntExact(Math.ceilDiv(blockCount, (long) CHUNK_BLOCKS));
        this.chunks = new AtomicReferenceArray<>(chunkCount);
        this.localInChunk = new int[chunkCount];
    }

    long blockCount() {
        return blockCount;
    }

    int chunkCount() {
        return chunks.length();
    }

    long localBlocks() {
        return localBlocks;
    }

    boolean isComplete() {
        return localBlocks == blockCount;
    }

    boolean isLocal(long block) {
        long[] chunk = chunks.getAcquire((int) (block / CHUNK_BLOCKS));
        if (chunk == null || chunk == ALL) {
            return chunk == ALL;
        }
        int bit = (int) (block % CHUNK_BLOCKS);
        return (word(chunk, bit >>> 6) & (1L << bit)) != 0;
    }

    /// The first block in `[from, end)` that is not local; `end` if all are.
    long nextMissing(long from, long end) {
        return next(from, end, false);
    }

    /// The first block in `[from, end)` that is local; `end` if none is.
    long nextLocal(long from, long end) {
        return next(from, end, true);
    }

    private long next(long from, long end, boolean local) {
        long block = from;
        while (block < end) {
            int index = (int) (block / CHUNK_BLOCKS);
            long chunkStart = (long) index * CHUNK_BLOCKS;
            long stop = Math.min(end, chunkStart + CHUNK_BLOCKS);
            long[] chunk = chunks.getAcquire(index);
            if (chunk == null || chunk == ALL) {
                if ((chunk == ALL) == local) {
                    return block;
                }
            } else {
                long found = chunkStart
                        + nextBit(chunk, (int) (block - chunkStart), (int) (stop - chunkStart), local);
                if (found < stop) {
                    return found;
                }
            }
            block = stop;
        }
        return end;
    }

    private static int nextBit(long[] chunk, int from, int end, boolean set) {
        int at = from;
        while (at < end) {
            long word = set ? word(chunk, at >>> 6) : ~word(chunk, at >>> 6);
            long rest = word >>> at; // a shift counts modulo 64
            if (rest != 0) {
                return Math.min(end, at + Long.numberOfTrailingZeros(rest));
            }
            at = (at | 63) + 1;
        }
        return end;
    }

    private static long word(long[] chunk, int index) {
        return (long) WORD.getAcquire(chunk, index);
    }

    /// How many blocks are local by `origin`. The caller lets no thread mark meanwhile.
    long localBlocks(Origin origin) {
        return byOrigin[origin.code()];
    }

    /// Marks what is not local in `[from, end)`. The caller lets no two threads mark at the same time.
    void mark(long from, long end, Origin origin) {
        long before = localBlocks;
        markAll(from, end);
        byOrigin[origin.code()] += localBlocks - before;
    }

    private void markAll(long from, long end) {
        long block = from;
        while (block < end) {
            int index = (int) (block / CHUNK_BLOCKS);
            long chunkStart = (long) index * CHUNK_BLOCKS;
            long stop = Math.min(end, chunkStart + CHUNK_BLOCKS);
            markInChunk(index, (int) (block - chunkStart), (int) (stop - chunkStart));
            block = stop;
        }
    }

    private void markInChunk(int index, int from, int end) {
        long[] chunk = chunks.getPlain(index);
        if (chunk == ALL) {
            return;
        }
        int size = blocksIn(index);
        boolean fresh = chunk == null;
        long[] bits = fresh ? new long[CHUNK_WORDS] : chunk;
        int added = end - from == size ? size - localInChunk[index] : set(bits, from, end);
        localInChunk[index] += added;
        if (localInChunk[index] == size) {
            chunks.setRelease(index, ALL);
        } else if (fresh) {
            chunks.setRelease(index, bits);
        }
        addLocal(added);
    }

    private static int set(long[] bits, int from, int end) {
        int added = 0;
        for (int at = from; at < end;) {
            int stop = Math.min(end, (at | 63) + 1);
            long mask = (-1L >>> (Long.SIZE - (stop - at))) << at;
            long old = bits[at >>> 6];
            added += Long.bitCount(mask & ~old);
            WORD.setRelease(bits, at >>> 6, old | mask);
            at = stop;
        }
        return added;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread at a time marks
    private void addLocal(int count) {
        localBlocks += count;
    }

    private int blocksIn(int chunk) {
        return (int) Math.min(CHUNK_BLOCKS, blockCount - (long) chunk * CHUNK_BLOCKS);
    }

    /// A copy that does not change. The caller lets no thread mark meanwhile.
    BlockMap copy() {
        var copy = new BlockMap(blockCount);
        for (int i = 0; i < chunks.length(); i++) {
            long[] chunk = chunks.getPlain(i);
            copy.chunks.setPlain(i, chunk == null || chunk == ALL ? chunk : chunk.clone());
            copy.localInChunk[i] = localInChunk[i];
        }
        copy.localBlocks = localBlocks;
        System.arraycopy(byOrigin, 0, copy.byOrigin, 0, Origin.COUNT);
        return copy;
    }

    /// The bits of a chunk that is neither empty nor full; null if it is one of these.
    long @Nullable [] mixedChunk(int index) {
        long[] chunk = chunks.getAcquire(index);
        return chunk == null || chunk == ALL ? null : chunk;
    }

    /// Whether a chunk is local as a whole.
    boolean isFullChunk(int index) {
        return chunks.getAcquire(index) == ALL;
    }

    /// Sets how many blocks are local by an origin to what was stored.
    void restoreCount(Origin origin, long count) {
        byOrigin[origin.code()] = count;
    }

    /// Marks a chunk of an empty map as a whole.
    void restoreFullChunk(int index) {
        localInChunk[index] = blocksIn(index);
        chunks.setRelease(index, ALL);
        addLocal(blocksIn(index));
    }

    /// Sets a chunk of an empty map to what was stored. Bits beyond the last block count as well, so that the caller
    /// finds a total that is too high.
    void restoreChunk(int index, long[] bits) {
        int count = 0;
        for (long word : bits) {
            count += Long.bitCount(word);
        }
        localInChunk[index] = count;
        chunks.setRelease(index, count == blocksIn(index) ? ALL : bits);
        addLocal(count);
    }
}
