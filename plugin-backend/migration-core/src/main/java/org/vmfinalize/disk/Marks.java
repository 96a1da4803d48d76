package org.vmfinalize.disk;

import java.io.IOException;
import java.util.Arrays;

/// Runs of blocks that became local, in the order in which they did. Not safe for threads.
final class Marks {

    /// A disk of 62 TiB has fewer than 2^34 blocks, which leaves more than enough bits for an index.
    private static final int INDEX_BITS = 20;

    /// The most marks that can be sorted.
    static final int MAX_SORTED = 1 << INDEX_BITS;

    private long[] firstBlocks = new long[64];
    private int[] blockCounts = new int[64];
    private byte[] origins = new byte[64];
    private int size;

    /// Takes every mark.
    interface Reader {
        void mark(long firstBlock, int blockCount, Origin origin) throws IOException;
    }

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /// Adds `[from, end)`; grows the last run where it ends at `from`.
    void add(long from, long end, Origin origin) {
        long at = from;
        while (at < end) {
            int count = (int) Math.min(end - at, Integer.MAX_VALUE / 2);
            addRun(at, count, origin);
            at += count;
        }
    }

    private void addRun(long first, int count, Origin origin) {
        int last = size - 1;
        if (last >= 0 && origins[last] == origin.code() && firstBlocks[last] + blockCounts[last] == first
                && blockCounts[last] <= Integer.MAX_VALUE - count) {
            blockCounts[last] += count;
            return;
        }
        if (size == firstBlocks.length) {
            firstBlocks = Arrays.copyOf(firstBlocks, size * 2);
            blockCounts = Arrays.copyOf(blockCounts, size * 2);
            origins = Arrays.copyOf(origins, size * 2);
        }
        firstBlocks[size] = first;
        blockCounts[size] = count;
        origins[size] = (byte) origin.code();
        size++;
    }

    void addAll(Marks others) {
        for (int i = 0; i < others.size; i++) {
            add(others.firstBlocks[i], others.firstBlocks[i] + others.blockCounts[i],
                    Origin.of(others.origins[i]));
        }
    }

    /// Forgets all.
    void clear() {
        size = 0;
    }

    /// Hands out all marks in the order of their blocks, at most [#MAX_SORTED] of them.
    void forEachSorted(Reader reader) throws IOException {
        long[] order = new long[size];
        for (int i = 0; i < size; i++) {
            order[i] = firstBlocks[i] << INDEX_BITS | i;
        }
        Arrays.sort(order);
        for (long entry : order) {
            int i = (int) (entry & (MAX_SORTED - 1));
            reader.mark(firstBlocks[i], blockCounts[i], Origin.of(origins[i]));
        }
    }

    void forEach(Reader reader) throws IOException {
        for (int i = 0; i < size; i++) {
            reader.mark(firstBlocks[i], blockCounts[i], Origin.of(origins[i]));
        }
    }
}
