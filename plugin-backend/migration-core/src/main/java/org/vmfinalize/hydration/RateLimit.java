package org.vmfinalize.hydration;

import com.google.errorprone.annotations.concurrent.GuardedBy;

/// A number of bytes a second, paid for afterwards: who moves bytes makes the next one wait until they are paid for, so a
/// burst is one piece. It is charged before it is known how long the piece is, and put right then.
///
/// **Threads:** any number.
public final class RateLimit {

    private static final double NANOS = 1e9;

    @GuardedBy("this")
    private long bytesPerSecond;

    /// When all that was moved is paid for, in the time of [System#nanoTime()].
    @GuardedBy("this")
    private long paidAtNanos = System.nanoTime();

    /// @param bytesPerSecond at least 1, or 0 for no limit
    public RateLimit(long bytesPerSecond) {
        this.bytesPerSecond = checked(bytesPerSecond);
    }

    private static long checked(long bytesPerSecond) {
        if (bytesPerSecond < 0) {
            throw new IllegalArgumentException("bytesPerSecond must be at least 0 but was " + bytesPerSecond);
        }
        return bytesPerSecond;
    }

    synchronized long bytesPerSecond() {
        return bytesPerSecond;
    }

    /// Changes the limit. What was moved before counts at the new rate, so that a very slow one can be ended.
    synchronized void change(long newBytesPerSecond, long nowNanos) {
        long owed = Math.max(0, paidAtNanos - nowNanos);
        double factor = newBytesPerSecond == 0 ? 0 : Math.min(1, (double) bytesPerSecond / newBytesPerSecond);
        bytesPerSecond = checked(newBytesPerSecond);
        paidAtNanos = nowNanos + (long) (owed * factor);
    }

    /// How long until the next may be moved; 0 or less: now.
    synchronized long waitNanos(long nowNanos) {
        return bytesPerSecond == 0 ? 0 : paidAtNanos - nowNanos;
    }

    /// Takes back a part of what was charged; a negative one is charged in addition.
    synchronized void refund(long bytes) {
        if (bytesPerSecond > 0) {
            paidAtNanos -= (long) (bytes / (double) bytesPerSecond * NANOS);
        }
    }

    /// Notes that `bytes` are being moved.
    synchronized void charge(long bytes, long nowNanos) {
        if (bytesPerSecond > 0) {
            paidAtNanos = Math.max(paidAtNanos, nowNanos) + (long) (bytes / (double) bytesPerSecond * NANOS);
        }
    }
}
