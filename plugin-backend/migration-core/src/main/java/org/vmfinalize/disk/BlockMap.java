package org.vmfinalize.disk;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// Which blocks of a disk are local. A block that is local stays so.
///
/// Two levels: a chunk of 16,384 blocks (64 MiB) has no local block, all of them, or some, and only the last kind takes
/// a bit per block (2 KiB a chunk). The first such chunks are on the heap, those beyond a limit in [ScratchBits].
///
/// **Threads:** any number may ask at any time, without a lock: who sees a block as local also sees what was written
/// before it was marked. One thread at a time may mark; the caller sees to that.
@SuppressWarnings("ReferenceEquality") // ALL and SPILLED are single objects, told from others by what they are
final class BlockMap {

    static final int BLOCK_BYTES = 4096;
    static final int CHUNK_BLOCKS = 16_384;
    static final int CHUNK_WORDS = CHUNK_BLOCKS / Long.SIZE;

    /// Stands for a chunk that is local as a whole.
    private static final long[] ALL = new long[0];

    /// Stands for a chunk whose bits are in [#scratch].
    private static final long[] SPILLED = new long[0];

    /// 8 MiB of bits: enough for 256 GiB that are local in part, and little for many disks at once.
    private static final int MAX_HEAP_CHUNKS = 4096;

    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);

    private final long blockCount;
    private final @Nullable ScratchBits scratch;

    /// How many chunks have their bits on the heap. Touched by the marking thread only.
    private int heapChunks;

    /// The chunk that is on the heap although there is no room, -1 if there is none. Touched by the marking thread only.
    private int guest = -1;

    /// A storing that is under way. Touched under the lock of the marking thread only.
    private @Nullable Storing storing;

    /// null: none; [#ALL]; [#SPILLED]; else a bit per block.
    private final AtomicReferenceArray<long @Nullable []> chunks;

    /// How many blocks of each chunk are local. Touched by the marking thread only.
    private final int[] localInChunk;

    private volatile long localBlocks;

    /// How many blocks are local by each [Origin]. Touched by the marking thread only.
    private final long[] byOrigin = new long[Origin.COUNT];

    /// A map that lies on the heap, however scattered its local blocks are.
    BlockMap(long blockCount) {
        this(blockCount, null);
    }

    /// @param scratch for what would take too much of the heap
    BlockMap(long blockCount, @Nullable ScratchBits scratch) {
        this.blockCount = blockCount;
        this.scratch = scratch;
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
        long word = chunk == SPILLED
                ? scratch().word((int) (block / CHUNK_BLOCKS), bit >>> 6)
                : word(chunk, bit >>> 6);
        return (word & (1L << bit)) != 0;
    }

    private ScratchBits scratch() {
        return Objects.requireNonNull(scratch);
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
                long[] bits = chunk == SPILLED ? scratch().words(index, 0, CHUNK_WORDS) : chunk;
                long found = chunkStart
                        + nextBit(bits, (int) (block - chunkStart), (int) (stop - chunkStart), local);
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

    /// How many blocks in `[from, end)` are local. Costs a look at each chunk, and at the words of those that are mixed.
    long countLocal(long from, long end) {
        long count = 0;
        for (long block = from; block < end;) {
            int index = (int) (block / CHUNK_BLOCKS);
            long chunkStart = (long) index * CHUNK_BLOCKS;
            long stop = Math.min(end, chunkStart + CHUNK_BLOCKS);
            long[] chunk = chunks.getAcquire(index);
            if (chunk == ALL) {
                count += stop - block;
            } else if (chunk != null) {
                long[] bits = chunk == SPILLED ? scratch().words(index, 0, CHUNK_WORDS) : chunk;
                count += countBits(bits, (int) (block - chunkStart), (int) (stop - chunkStart));
            }
            block = stop;
        }
        return count;
    }

    private static int countBits(long[] bits, int from, int end) {
        int count = 0;
        for (int at = from; at < end;) {
            int stop = Math.min(end, (at | 63) + 1);
            long mask = (-1L >>> (Long.SIZE - (stop - at))) << at;
            count += Long.bitCount(word(bits, at >>> 6) & mask);
            at = stop;
        }
        return count;
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
        markAll(from, end, origin);
        byOrigin[origin.code()] += localBlocks - before;
    }

    private void markAll(long from, long end, Origin origin) {
        long block = from;
        while (block < end) {
            int index = (int) (block / CHUNK_BLOCKS);
            long chunkStart = (long) index * CHUNK_BLOCKS;
            long stop = Math.min(end, chunkStart + CHUNK_BLOCKS);
            int added = markInChunk(index, (int) (block - chunkStart), (int) (stop - chunkStart));
            if (storing != null) {
                storing.marked(index, added, origin);
            }
            block = stop;
        }
    }

    /// Marks `[from, end)` of a chunk and gives how many of them were not local.
    private int markInChunk(int index, int from, int end) {
        long[] chunk = chunks.getPlain(index);
        if (chunk == ALL) {
            return 0;
        }
        int size = blocksIn(index);
        int added = end - from == size ? size - localInChunk[index] : setBits(index, chunk, from, end);
        localInChunk[index] += added;
        if (localInChunk[index] == size) {
            if (isOnHeap(chunks.getPlain(index))) {
                heapChunks--;
            }
            chunks.setRelease(index, ALL);
        }
        addLocal(added);
        return added;
    }

    private static boolean isOnHeap(long @Nullable [] chunk) {
        return chunk != null && chunk != ALL && chunk != SPILLED;
    }

    private int setBits(int index, long @Nullable [] chunk, int from, int end) {
        return set(isOnHeap(chunk) ? Objects.requireNonNull(chunk) : bringOntoHeap(index, chunk), from, end);
    }

    /// Gives the bits of a chunk that has none on the heap a place there: for good if there is room, else until the next
    /// chunk comes. So marking one chunk again and again does not touch the scratch file.
    private long[] bringOntoHeap(int index, long @Nullable [] chunk) {
        long[] bits = chunk == null ? new long[CHUNK_WORDS] : scratch().words(index, 0, CHUNK_WORDS);
        place(index, bits);
        return bits;
    }

    private void place(int index, long[] bits) {
        if (heapChunks >= MAX_HEAP_CHUNKS) {
            spillGuest();
            guest = index;
        }
        heapChunks++;
        chunks.setRelease(index, bits);
    }

    /// Whoever has read the reference to the bits before sees them as they were, which was right then.
    private void spillGuest() {
        long[] bits = guest < 0 ? null : chunks.getPlain(guest);
        if (scratch != null && isOnHeap(bits) && scratch.put(guest, Objects.requireNonNull(bits))) {
            chunks.setRelease(guest, SPILLED);
            heapChunks--;
        }
        guest = -1;
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

    /// Begins to store the map while blocks go on being marked. The caller lets no thread mark meanwhile, nor while
    /// [Storing] is asked.
    Storing beginStoring() {
        storing = new Storing();
        return storing;
    }

    /// What of the map is stored: all that was marked when it began, and of chunks that were mixed then also what is
    /// marked until they are taken. So nothing has to be copied as a whole.
    final class Storing {

        static final byte NONE = 0;
        static final byte FULL = 1;
        static final byte MIXED = 2;

        /// The kind of each chunk when storing began.
        final byte[] kinds = new byte[chunkCount()];
        private final long[] counts = byOrigin.clone();
        private int next;

        private Storing() {
            for (int i = 0; i < kinds.length; i++) {
                long[] chunk = chunks.getPlain(i);
                kinds[i] = chunk == null ? NONE : chunk == ALL ? FULL : MIXED;
            }
        }

        /// Takes the bits of the next chunk that was mixed; null after the last one.
        long @Nullable [] takeMixed() {
            while (next < kinds.length && kinds[next] != MIXED) {
                next++;
            }
            if (next == kinds.length) {
                storing = null;
                return null;
            }
            int index = next++;
            long[] chunk = chunks.getPlain(index);
            if (chunk == ALL) {
                long[] bits = new long[CHUNK_WORDS];
                var _ = set(bits, 0, blocksIn(index));
                return bits;
            }
            return chunk == SPILLED
                    ? scratch().words(index, 0, CHUNK_WORDS)
                    : Objects.requireNonNull(chunk).clone();
        }

        /// How many of the stored blocks are local by `origin`: right when all chunks were taken.
        long count(Origin origin) {
            return counts[origin.code()];
        }

        private void marked(int chunk, int added, Origin origin) {
            if (chunk >= next && kinds[chunk] == MIXED) {
                counts[origin.code()] += added;
            }
        }
    }

    /// Closes what lies outside of the heap; the map is of no use any more.
    void close() throws IOException {
        if (scratch != null) {
            scratch.close();
        }
    }

    /// Gives back what the bits took. All blocks must be local.
    void allLocal() throws IOException {
        if (scratch != null) {
            scratch.allLocal();
        }
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
        if (count == blocksIn(index)) {
            chunks.setRelease(index, ALL);
        } else {
            place(index, bits);
        }
        addLocal(count);
    }
}
