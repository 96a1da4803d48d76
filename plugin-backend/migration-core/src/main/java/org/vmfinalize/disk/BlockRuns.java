package org.vmfinalize.disk;

import java.util.Arrays;

/// Sets of blocks as runs in ascending order, for sets that are spread thinly: 16 bytes for each run.
///
/// **Threads:** many may ask once nobody adds any more.
final class BlockRuns {

    private long[] starts = new long[16];
    private long[] ends = new long[16];
    private int size;

    int size() {
        return size;
    }

    long start(int run) {
        return starts[run];
    }

    long end(int run) {
        return ends[run];
    }

    /// Adds `[from, end)`, which is not empty.
    ///
    /// @return whether it was added; if not, it starts before the last run does
    boolean add(long from, long end) {
        if (size > 0 && from < starts[size - 1]) {
            return false;
        }
        if (size > 0 && from <= ends[size - 1]) {
            ends[size - 1] = Math.max(ends[size - 1], end);
            return true;
        }
        if (size == starts.length) {
            starts = Arrays.copyOf(starts, size * 2);
            ends = Arrays.copyOf(ends, size * 2);
        }
        starts[size] = from;
        ends[size] = end;
        size++;
        return true;
    }

    /// The first run that ends behind `block`; [#size()] if there is none.
    int firstBehind(long block) {
        int found = Arrays.binarySearch(ends, 0, size, block);
        return found >= 0 ? found + 1 : -found - 1;
    }

    /// Whether a block of `[from, end)` is in the set.
    boolean meet(long from, long end) {
        int run = firstBehind(from);
        return run < size && starts[run] < end;
    }

    @Override
    public String toString() {
        return size + " runs of blocks";
    }
}
