package org.vmfinalize.finalization;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.function.LongSupplier;

/// Bytes a second, smoothed over about five seconds, from samples that come whenever somebody asks.
///
/// **Threads:** any number.
final class Rate {

    private static final double SMOOTHING_SECONDS = 5;
    private static final double SHORTEST_SAMPLE_SECONDS = 0.2;
    private static final double NANOS = 1e9;

    private final LongSupplier nanoClock;

    @GuardedBy("this")
    private long lastNanos;

    @GuardedBy("this")
    private long lastBytes;

    @GuardedBy("this")
    private double bytesPerSecond;

    @GuardedBy("this")
    private boolean measured;

    Rate(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /// Begins anew: what moved before, and the time up to now, do not count.
    synchronized void restart(long doneBytes) {
        lastNanos = nanoClock.getAsLong();
        lastBytes = doneBytes;
        bytesPerSecond = 0;
        measured = false;
    }

    /// Takes a sample and gives the rate.
    synchronized long sample(long doneBytes) {
        double seconds = (nanoClock.getAsLong() - lastNanos) / NANOS;
        if (seconds >= SHORTEST_SAMPLE_SECONDS) {
            double now = Math.max(0, doneBytes - lastBytes) / seconds;
            double weight = measured ? 1 - Math.exp(-seconds / SMOOTHING_SECONDS) : 1;
            bytesPerSecond += weight * (now - bytesPerSecond);
            measured = true;
            lastNanos = nanoClock.getAsLong();
            lastBytes = doneBytes;
        }
        return Math.round(bytesPerSecond);
    }
}
