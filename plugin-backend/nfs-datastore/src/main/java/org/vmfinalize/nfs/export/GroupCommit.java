package org.vmfinalize.nfs.export;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets all who wait for one file to be durable share a sync: while one runs, the next group gathers.
///
/// **Threads:** any number may add. At most one sync of the file runs at a time, on the executor given.
public final class GroupCommit {

    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);

    /// Makes durable what has been written before.
    public interface Sync {

        void run() throws IOException;
    }

    /// One who waits for a sync.
    public interface Waiter {

        /// Called once the sync is over, together with the other waiters of the group.
        ///
        /// @param failure why nothing is durable; null if all is
        void synced(@Nullable IOException failure);

        /// Called after all waiters of the group had their [#synced]: the time to send what they have gathered.
        void flush();
    }

    private final ReentrantLock lock = new ReentrantLock();
    @GuardedBy("lock")
    private List<Waiter> gathering = new ArrayList<>();
    @GuardedBy("lock")
    private boolean running;

    /// Has `waiter` told when a sync that began after now is over.
    ///
    /// @param sync what makes the file durable, the same for all waiters of one file
    public void add(Waiter waiter, Sync sync, Executor executor) {
        lock.lock();
        try {
            gathering.add(waiter);
            if (running) {
                return;
            }
            running = true;
        } finally {
            lock.unlock();
        }
        executor.execute(() -> runUntilNobodyWaits(sync));
    }

    private void runUntilNobodyWaits(Sync sync) {
        for (List<Waiter> group = takeGroup(); !group.isEmpty(); group = takeGroup()) {
            IOException failure = null;
            try {
                sync.run();
            } catch (IOException e) {
                failure = e;
            } catch (RuntimeException e) {
                failure = new IOException("a sync failed", e);
            }
            tell(group, failure);
        }
    }

    private static void tell(List<Waiter> group, @Nullable IOException failure) {
        for (Waiter waiter : group) {
            try {
                waiter.synced(failure);
            } catch (RuntimeException e) {
                LOG.error("a client could not be told that its data are durable; the others are", e);
            }
        }
        group.forEach(Waiter::flush);
    }

    /// Empty, and not running any more, if nobody waits.
    private List<Waiter> takeGroup() {
        lock.lock();
        try {
            List<Waiter> group = gathering;
            running = !group.isEmpty();
            if (running) {
                gathering = new ArrayList<>();
            }
            return group;
        } finally {
            lock.unlock();
        }
    }
}
