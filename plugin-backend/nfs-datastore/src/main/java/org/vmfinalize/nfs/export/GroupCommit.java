package org.vmfinalize.nfs.export;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets all who wait for one file to be durable share a sync: while one runs, the next group gathers.
///
/// Clients that keep many writes in flight send the next ones when they have got their answers. A sync that began with the
/// first of them would leave all others to wait for the one after it, so after a group of several the next one is given a
/// moment, at most an eighth of what a sync takes, to become as large. A lone client never waits.
///
/// A system tells only once that it could not store something, and then takes it for stored. So a sync that fails is also the
/// failure of all whose data were written before it ended, although their own sync comes later and succeeds.
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

    private static final int SHARE_OF_SYNC = 8;
    private static final long LONGEST_PAUSE_NANOS = 500_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition grown = lock.newCondition();
    @GuardedBy("lock")
    private List<Waiting> gathering = new ArrayList<>();
    @GuardedBy("lock")
    private boolean running;
    /// How many waiters the next group shall gather before its sync begins early.
    @GuardedBy("lock")
    private int wanted;
    private final AtomicLong failures = new AtomicLong();

    /// One who waits, and what [#failures()] was before its data were written.
    private record Waiting(Waiter waiter, long failuresBefore) {}

    /// How many syncs have failed; to be asked before data are written that are waited for later.
    public long failures() {
        return failures.get();
    }

    /// Notes that making the file durable has failed elsewhere.
    public void noteFailure() {
        failures.incrementAndGet();
    }

    /// Has `waiter` told when a sync that began after now is over.
    ///
    /// @param failuresBefore what [#failures()] was before its data were written
    /// @param sync what makes the file durable, the same for all waiters of one file
    public void add(Waiter waiter, long failuresBefore, Sync sync, Executor executor) {
        lock.lock();
        try {
            gathering.add(new Waiting(waiter, failuresBefore));
            if (running) {
                if (gathering.size() >= wanted) {
                    grown.signal();
                }
                return;
            }
            running = true;
        } finally {
            lock.unlock();
        }
        executor.execute(() -> runUntilNobodyWaits(sync));
    }

    private void runUntilNobodyWaits(Sync sync) {
        long pauseNanos = 0;
        for (List<Waiting> group = takeGroup(0); !group.isEmpty(); group = takeGroup(pauseNanos)) {
            IOException failure = null;
            long start = System.nanoTime();
            try {
                sync.run();
            } catch (IOException e) {
                failure = e;
            } catch (RuntimeException e) {
                failure = new IOException("a sync failed", e);
            }
            if (failure != null) {
                noteFailure();
            }
            long syncNanos = System.nanoTime() - start;
            tell(group, failure);
            pauseNanos = group.size() > 1 ? Math.min(syncNanos / SHARE_OF_SYNC, LONGEST_PAUSE_NANOS) : 0;
        }
    }

    private void tell(List<Waiting> group, @Nullable IOException failure) {
        long failed = failures.get();
        for (Waiting waiting : group) {
            try {
                waiting.waiter.synced(failure != null || waiting.failuresBefore == failed
                        ? failure
                        : new IOException("a sync of the file failed after its data were written"));
            } catch (RuntimeException e) {
                LOG.error("a client could not be told that its data are durable; the others are", e);
            }
        }
        group.forEach(waiting -> waiting.waiter.flush());
    }

    /// The waiters that have come, after a pause for more of them; empty, and not running any more, if nobody waits.
    private List<Waiting> takeGroup(long pauseNanos) {
        lock.lock();
        try {
            for (long left = pauseNanos; left > 0 && gathering.size() < wanted;) {
                left = grown.awaitNanos(left);
            }
            List<Waiting> group = gathering;
            running = !group.isEmpty();
            if (running) {
                gathering = new ArrayList<>();
                wanted = group.size();
            }
            return group;
        } catch (InterruptedException e) {
            throw new IllegalStateException("threads that sync files must not be interrupted", e);
        } finally {
            lock.unlock();
        }
    }
}
