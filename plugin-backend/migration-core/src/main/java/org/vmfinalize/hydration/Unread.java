package org.vmfinalize.hydration;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What a run could not read of a disk's backup, and whether it goes on all the same.
///
/// **Threads:** any number.
final class Unread {

    /// So many failures with nothing read between them are not a bad place: the backup is away, or damaged all over. As many
    /// reads as a machine has under way may fail together, when a copy is changed for the other one.
    static final int MOST_IN_A_ROW = 24;

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private @Nullable IOException first;

    @GuardedBy("lock")
    private int inARow;

    void readable() {
        lock.lock();
        try {
            inARow = 0;
        } finally {
            lock.unlock();
        }
    }

    /// Takes note of a failure.
    ///
    /// @return whether it is of no use to read on
    boolean isTooMuch(IOException cause) {
        lock.lock();
        try {
            if (first == null) {
                first = cause;
            }
            inARow++;
            return inARow >= MOST_IN_A_ROW;
        } finally {
            lock.unlock();
        }
    }

    /// The first failure; null if there was none.
    @Nullable
    IOException first() {
        lock.lock();
        try {
            return first;
        } finally {
            lock.unlock();
        }
    }
}
