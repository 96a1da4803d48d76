package org.vmfinalize.disk;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.vmfinalize.backup.ByteRange;

/// Lets threads work side by side on ranges that do not overlap.
///
/// Hold one range at a time: then there is no order of locks to respect, and no deadlock. Waiting cannot be interrupted.
final class RangeLock {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition released = lock.newCondition();

    /// The ranges held now. No two overlap.
    @GuardedBy("lock")
    private final List<ByteRange> held = new ArrayList<>();

    /// A range that is held until it is closed.
    interface Hold extends AutoCloseable {
        @Override
        void close();
    }

    /// Waits until nobody holds a byte of `range`, then holds it until the result is closed.
    Hold hold(ByteRange range) {
        lock.lock();
        try {
            while (overlapsHeld(range)) {
                released.awaitUninterruptibly();
            }
            held.add(range);
        } finally {
            lock.unlock();
        }
        return () -> release(range);
    }

    @GuardedBy("lock")
    private boolean overlapsHeld(ByteRange range) {
        for (int i = 0; i < held.size(); i++) {
            if (held.get(i).overlaps(range)) {
                return true;
            }
        }
        return false;
    }

    private void release(ByteRange range) {
        lock.lock();
        try {
            held.remove(range);
            released.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
