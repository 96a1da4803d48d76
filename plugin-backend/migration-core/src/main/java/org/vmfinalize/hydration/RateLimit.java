package org.vmfinalize.hydration;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Shares out a number of bytes a second among all who ask.
///
/// **Threads:** any number. Whoever asks waits until the bytes granted before are paid for; so a burst is one piece.
public final class RateLimit {

    private static final long NANOS = 1_000_000_000L;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    @GuardedBy("lock")
    private long bytesPerSecond;

    /// When all that was granted is paid for, in the time of [System#nanoTime()].
    @GuardedBy("lock")
    private long paidAtNanos = System.nanoTime();

    @GuardedBy("lock")
    private boolean open;

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

    /// Changes the limit, for those who wait as well.
    public void change(long newBytesPerSecond) {
        lock.lock();
        try {
            bytesPerSecond = checked(newBytesPerSecond);
            paidAtNanos = System.nanoTime();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Waits until `bytes` may be moved.
    void take(long bytes) {
        lock.lock();
        try {
            while (!open && bytesPerSecond > 0) {
                long wait = paidAtNanos - System.nanoTime();
                if (wait <= 0) {
                    paidAtNanos = System.nanoTime() + (long) ((double) bytes / bytesPerSecond * NANOS);
                    return;
                }
                var _ = changed.awaitNanos(wait);
            }
        } catch (InterruptedException e) {
            // Nobody interrupts a hydrating thread; should it happen, it only ends the limit early.
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /// Lets everybody pass, so that a stop is not held up.
    void open() {
        setOpen(true);
    }

    /// Limits again.
    void close() {
        setOpen(false);
    }

    private void setOpen(boolean value) {
        lock.lock();
        try {
            open = value;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
