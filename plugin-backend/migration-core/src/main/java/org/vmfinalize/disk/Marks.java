package org.vmfinalize.disk;

import java.io.IOException;
import java.util.Arrays;

/// Runs of blocks that became local, in the order in which they did. Not safe for threads.
final class Marks {

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

    void forEach(Reader reader) throws IOException {
        for (int i = 0; i < size; i++) {
            reader.mark(firstBlocks[i], blockCounts[i], Origin.of(origins[i]));
        }
    }
}
