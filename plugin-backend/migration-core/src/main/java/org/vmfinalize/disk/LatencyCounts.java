package org.vmfinalize.disk;

import java.time.Duration;
import java.util.Arrays;

/// How many of a guest's reads and writes took how long. Immutable.
///
/// Classes are an eighth of a power of two wide, from 1 µs to more than a minute, so a value is known to about 12 %.
public final class LatencyCounts {

    static final int STEPS = 8;
    static final int CLASSES = 27 * STEPS;

    /// None at all.
    public static final LatencyCounts NONE = new LatencyCounts(new long[CLASSES]);

    private final long[] counts;
    private final long total;

    LatencyCounts(long[] counts) {
        this.counts = counts;
        this.total = Arrays.stream(counts).sum();
    }

    static int classOf(long nanos) {
        long micros = Math.max(1, nanos / 1000);
        int octave = Long.SIZE - 1 - Long.numberOfLeadingZeros(micros);
        int step = (int) (((micros - (1L << octave)) * STEPS) >> octave);
        return Math.min(CLASSES - 1, octave * STEPS + step);
    }

    /// The time below which a class's values lie.
    private static long endNanos(int index) {
        long octave = 1L << (index / STEPS);
        return 1000 * (octave + (octave * (index % STEPS + 1) + STEPS - 1) / STEPS);
    }

    /// How many there are.
    public long total() {
        return total;
    }

    /// Those of this that are not in `earlier`, which was taken before from the same source.
    public LatencyCounts since(LatencyCounts earlier) {
        long[] difference = new long[CLASSES];
        for (int i = 0; i < CLASSES; i++) {
            difference[i] = counts[i] - earlier.counts[i];
        }
        return new LatencyCounts(difference);
    }

    /// Those of both.
    public LatencyCounts and(LatencyCounts other) {
        long[] sum = new long[CLASSES];
        for (int i = 0; i < CLASSES; i++) {
            sum[i] = counts[i] + other.counts[i];
        }
        return new LatencyCounts(sum);
    }

    /// How many took clearly longer than `limit`: those whose class begins at it or above.
    public long over(Duration limit) {
        long over = 0;
        for (int i = classOf(limit.toNanos()) + 1; i < CLASSES; i++) {
            over += counts[i];
        }
        return over;
    }

    /// What `share` of them, from 0 to 1, did not exceed; zero if there are none.
    public Duration quantile(double share) {
        if (total == 0) {
            return Duration.ZERO;
        }
        long wanted = Math.max(1, (long) Math.ceil(total * share));
        int index = 0;
        for (long seen = counts[0]; seen < wanted; seen += counts[index]) {
            index++;
        }
        return Duration.ofNanos(endNanos(index));
    }
}
