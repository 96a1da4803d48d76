package org.vmfinalize.finalization;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/// Foretells when work will be done, from what is left of it and how fast it went.
///
/// The range lies around two rates, that of the whole stretch of work and that of its last seconds, and is the wider the
/// less was seen. It never runs backwards: within one stretch neither end of the time left grows. Where work becomes
/// slower than was foreseen, the most that is left stands still until the work has caught up, and the least runs out. A
/// pause, a fault or another pace begins a new stretch.
///
/// **Threads:** any number.
final class Forecast {

    private static final double NANOS = 1e9;
    private static final double RECENT_SECONDS = 4;
    private static final double SHORTEST_SAMPLE_SECONDS = 0.2;
    private static final double FIRST_SECONDS = 0.4;

    /// By how much the range is wider than the rates, after very long and in addition after a second.
    private static final double LEAST_DOUBT = 0.3;
    private static final double FIRST_DOUBT = 1.0;

    private final LongSupplier nanoClock;

    @GuardedBy("this")
    private long startNanos;

    @GuardedBy("this")
    private long startLeft;

    @GuardedBy("this")
    private long lastNanos;

    @GuardedBy("this")
    private long lastLeft;

    @GuardedBy("this")
    private double recentRate;

    @GuardedBy("this")
    private boolean known;

    /// Seconds left, as told last.
    @GuardedBy("this")
    private double atLeast;

    @GuardedBy("this")
    private double atMost;

    Forecast(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /// Begins a new stretch of work.
    synchronized void restart(long leftBytes) {
        startNanos = nanoClock.getAsLong();
        startLeft = leftBytes;
        lastNanos = startNanos;
        lastLeft = leftBytes;
        recentRate = 0;
        known = false;
    }

    /// Takes a look at how much is left; nothing is foretold before something has moved.
    synchronized Optional<TimeLeft> look(long leftBytes) {
        long now = nanoClock.getAsLong();
        double passed = (now - lastNanos) / NANOS;
        if (passed >= SHORTEST_SAMPLE_SECONDS) {
            measure(leftBytes, now, passed);
        }
        return known ? Optional.of(new TimeLeft(duration(atLeast), duration(atMost))) : Optional.empty();
    }

    @GuardedBy("this")
    private void measure(long leftBytes, long now, double passed) {
        double seconds = (now - startNanos) / NANOS;
        double whole = (startLeft - leftBytes) / seconds;
        double latest = (lastLeft - leftBytes) / passed;
        double weight = 1 - Math.exp(-passed / Math.min(RECENT_SECONDS, seconds));
        recentRate += weight * (latest - recentRate);
        lastNanos = now;
        lastLeft = leftBytes;
        atLeast = Math.max(0, atLeast - passed);
        double slow = Math.min(whole, recentRate);
        if (seconds < FIRST_SECONDS || slow <= 0) {
            return; // what was foretold stands still
        }
        double doubt = 1 + LEAST_DOUBT + FIRST_DOUBT / Math.sqrt(seconds);
        double least = leftBytes / Math.max(whole, recentRate) / doubt;
        double most = leftBytes / slow * doubt;
        atLeast = known ? Math.min(least, atLeast) : least;
        atMost = known ? Math.min(most, atMost) : most;
        known = true;
    }

    private static Duration duration(double seconds) {
        return Duration.ofNanos((long) (seconds * NANOS));
    }
}
