package org.vmfinalize.disk;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.Arrays;
import java.util.function.LongSupplier;

/// How much is read around what a guest misses: from 64 KiB to 1 MiB, as much as makes the guest wait hardly longer.
///
/// Now and then the next larger size is tried. Where a backup is far away, a megabyte takes as long as a block; where it is
/// compressed, it does not. Who reads on where a neighbourhood has ended gets twice as much each time.
///
/// **Threads:** any number.
final class NeighbourhoodSize {

    static final int LEAST_BYTES = 64 << 10;

    private static final int SIZES = 5;
    private static final int TRY_EVERY = 16;
    private static final double WEIGHT = 0.2;

    /// A size is good when it takes less than this many times as long as the least one.
    private static final double HARDLY_LONGER = 1.5;

    private static final int STREAMS = 8;
    private static final long FORGET_NANOS = 5_000_000_000L;

    private final LongSupplier nanoClock;

    /// Nanoseconds that a read of each size takes; 0: not known.
    @GuardedBy("this")
    private final double[] taken = new double[SIZES];

    @GuardedBy("this")
    private int good;

    @GuardedBy("this")
    private long misses;

    /// Where neighbourhoods ended that were read lately, their sizes and when.
    @GuardedBy("this")
    private final long[] ends = new long[STREAMS];

    @GuardedBy("this")
    private final int[] sizes = new int[STREAMS];

    @GuardedBy("this")
    private final long[] nanos = new long[STREAMS];

    @GuardedBy("this")
    private int nextStream;

    NeighbourhoodSize(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        Arrays.fill(ends, -1);
    }

    /// The size for a miss of `[position, end)`, a power of two.
    synchronized int sizeAt(long position, long end) {
        misses++;
        int size = misses % TRY_EVERY == 0 ? Math.min(SIZES - 1, good + 1) : good;
        long now = nanoClock.getAsLong();
        int stream = streamAt(position, now);
        if (stream >= 0) {
            size = Math.max(size, Math.min(SIZES - 1, sizes[stream] + 1));
        } else {
            stream = nextStream;
            nextStream = (nextStream + 1) % STREAMS;
        }
        int bytes = LEAST_BYTES << size;
        ends[stream] = Math.ceilDiv(end, (long) bytes) * bytes;
        sizes[stream] = size;
        nanos[stream] = now;
        return bytes;
    }

    @GuardedBy("this")
    private int streamAt(long position, long now) {
        for (int i = 0; i < STREAMS; i++) {
            // A sequential reader misses next what lies right behind, or a little further if it is several at a time.
            if (ends[i] >= 0 && position >= ends[i] && position < ends[i] + LEAST_BYTES
                    && now - nanos[i] < FORGET_NANOS) {
                return i;
            }
        }
        return -1;
    }

    /// Notes how long a read took.
    synchronized void took(int bytes, long readNanos) {
        int size = Integer.numberOfTrailingZeros(Math.max(1, Integer.highestOneBit(bytes) / LEAST_BYTES));
        if (bytes != LEAST_BYTES << size || size >= SIZES) {
            return; // a part of a size tells nothing of it
        }
        taken[size] += (taken[size] == 0 ? 1 : WEIGHT) * (readNanos - taken[size]);
        good = 0;
        while (good + 1 < SIZES && taken[good + 1] > 0 && taken[good + 1] < taken[0] * HARDLY_LONGER) {
            good++;
        }
    }
}
