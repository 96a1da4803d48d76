package org.vmfinalize.lab.guest;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAccumulator;

/// How long operations took: the longest exactly, percentiles to 1/16.
///
/// Durations are counted in microseconds, in 16 buckets for each power of two.
///
/// **Threads:** any number.
final class Latency {

    private static final int STEPS = 16;
    private static final int STEP_BITS = 4;

    private final AtomicLongArray buckets = new AtomicLongArray(STEPS * (Long.SIZE - STEP_BITS));
    private final LongAccumulator longestNanos = new LongAccumulator(Math::max, 0);

    void note(long nanos) {
        longestNanos.accumulate(nanos);
        buckets.incrementAndGet(bucket(nanos / 1000));
    }

    Duration longest() {
        return Duration.ofNanos(longestNanos.get());
    }

    /// The duration that `percent` of all operations did not exceed, rounded up to the bucket's end; zero if there were
    /// none.
    Duration percentile(double percent) {
        long count = 0;
        for (int i = 0; i < buckets.length(); i++) {
            count += buckets.get(i);
        }
        long wanted = (long) Math.ceil(count * percent / 100);
        long seen = 0;
        for (int i = 0; i < buckets.length() && wanted > 0; i++) {
            seen += buckets.get(i);
            if (seen >= wanted) {
                var end = Duration.ofNanos(end(i) * 1000);
                return end.compareTo(longest()) < 0 ? end : longest();
            }
        }
        return Duration.ZERO;
    }

    private static int bucket(long micros) {
        if (micros < STEPS) {
            return (int) micros;
        }
        int exponent = Long.SIZE - 1 - Long.numberOfLeadingZeros(micros) - STEP_BITS;
        return (exponent + 1) * STEPS + (int) (micros >>> exponent) - STEPS;
    }

    /// The first microsecond that is not in the bucket any more.
    private static long end(int bucket) {
        int next = bucket + 1;
        if (next < STEPS * 2) {
            return next;
        }
        int exponent = next / STEPS - 1;
        return (long) (next % STEPS + STEPS) << exponent;
    }
}
