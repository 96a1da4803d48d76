package org.vmfinalize.disk;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/// Watches how long a guest waits for one disk, for whoever must not slow it down.
///
/// Whoever serves the disk tells when a request has arrived and when it was answered. Requests that had to ask the backup
/// are counted apart, since it is the backup that makes them slow.
///
/// **Threads:** any number; nobody waits.
public final class GuestWatch {

    private static final long LONG_AGO_NANOS = TimeUnit.HOURS.toNanos(1);

    private final AtomicLongArray local = new AtomicLongArray(LatencyCounts.CLASSES);
    private final AtomicLongArray missed = new AtomicLongArray(LatencyCounts.CLASSES);
    private final LongSupplier nanoClock;
    private volatile long lastArrivalNanos;
    private volatile long lastAnswerNanos;

    GuestWatch() {
        this(System::nanoTime);
    }

    /// With a clock of its own, for tests.
    public GuestWatch(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        this.lastArrivalNanos = nanoClock.getAsLong() - LONG_AGO_NANOS;
        this.lastAnswerNanos = lastArrivalNanos;
    }

    /// Notes that a request has come.
    ///
    /// @param backup whether the backup has to be read for it
    /// @return to be told, when it is answered, when it had come, in the time of [System#nanoTime()]
    public LongConsumer asks(boolean backup) {
        lastArrivalNanos = nanoClock.getAsLong();
        var counts = backup ? missed : local;
        return arrivedNanos -> answered(counts, arrivedNanos);
    }

    private void answered(AtomicLongArray counts, long arrivedNanos) {
        long now = nanoClock.getAsLong();
        lastAnswerNanos = now;
        counts.incrementAndGet(LatencyCounts.classOf(now - arrivedNanos));
    }

    /// All requests answered so far out of the datastore.
    public LatencyCounts localCounts() {
        return copy(local);
    }

    /// All requests answered so far that had to ask the backup.
    public LatencyCounts missedCounts() {
        return copy(missed);
    }

    private static LatencyCounts copy(AtomicLongArray counts) {
        long[] copy = new long[LatencyCounts.CLASSES];
        for (int i = 0; i < copy.length; i++) {
            copy[i] = counts.getPlain(i);
        }
        return new LatencyCounts(copy);
    }

    /// When the last request came, in the time of [System#nanoTime()].
    public long lastArrivalNanos() {
        return lastArrivalNanos;
    }

    /// When the last request was answered, in the time of [System#nanoTime()].
    public long lastAnswerNanos() {
        return lastAnswerNanos;
    }
}
