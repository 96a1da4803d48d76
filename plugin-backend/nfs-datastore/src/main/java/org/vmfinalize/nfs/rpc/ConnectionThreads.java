package org.vmfinalize.nfs.rpc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The threads that read a server's connections, one for each.
///
/// A thread that has a step to do which waits for a device may lend itself to it: another one goes on with the connection.
/// The step then begins at once, and it is the other thread's waking up that nobody has to wait for.
///
/// If nothing else is under way on the connection, the other one is not even woken up before the step has taken a moment:
/// waking up a thread costs a tenth of a quick device's sync, and mostly there would be nothing to do for it.
///
/// **Threads:** any number. There are as many as connections, up to 64 lent ones, and one that watches those which do a
/// step without having lent themselves; it ends a second after the last of these.
final class ConnectionThreads {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectionThreads.class);
    private static final int MOST_LENT = 64;
    private static final int KEPT_SECONDS = 30;
    private static final long MOMENT_NANOS = 1_000_000;
    private static final long WATCHED_NANOS = 1_000_000_000;

    private final Executor threads;
    private final Set<Stay> staying = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean watched = new AtomicBoolean();
    private volatile long lastStay;
    private final Semaphore lendable = new Semaphore(MOST_LENT);

    ConnectionThreads(String name) {
        threads = new ThreadPoolExecutor(0, Integer.MAX_VALUE, KEPT_SECONDS, TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                Thread.ofPlatform().daemon().name(name + "-connection-", 0).factory());
    }

    /// Has a thread run `connection`.
    ///
    /// @return false if the system gives no thread now
    boolean start(Runnable connection) {
        try {
            threads.execute(connection);
            return true;
        } catch (OutOfMemoryError _) {
            return false;
        }
    }

    /// Has another thread go on with `connection`, so that the calling one may wait; [#giveBack()] tells that it is done.
    ///
    /// @return false if too many wait already: the caller stays what it is
    boolean lend(Runnable connection) {
        if (!lendable.tryAcquire()) {
            return false;
        }
        if (!start(connection)) {
            lendable.release();
            return false;
        }
        return true;
    }

    void giveBack() {
        lendable.release();
    }

    /// A thread that does a step of the connection that it reads.
    private final class Stay {

        private final Runnable connection;
        private final long since;
        @GuardedBy("this")
        private boolean over;
        @GuardedBy("this")
        private boolean lent;

        Stay(Runnable connection, long since) {
            this.connection = connection;
            this.since = since;
        }

        synchronized void lendIfLong(long now) {
            if (!over && !lent && now - since >= MOMENT_NANOS) {
                lent = lend(connection);
            }
        }

        synchronized boolean endsLent() {
            over = true;
            return lent;
        }
    }

    /// Runs `step` on the calling thread, which reads `connection`. If it takes longer than a moment, another thread goes on
    /// with the connection.
    ///
    /// @return false if another thread has gone on, as after [#lend]
    boolean stay(Runnable connection, Runnable step) {
        long now = System.nanoTime();
        lastStay = now;
        Stay stay = new Stay(connection, now);
        staying.add(stay);
        watch();
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            LOG.error("a step that waits for a device has failed", e);
        } finally {
            staying.remove(stay);
        }
        return !stay.endsLent();
    }

    private void watch() {
        if (!watched.get() && watched.compareAndSet(false, true) && !start(this::lendThoseThatTakeLong)) {
            watched.set(false);
        }
    }

    private void lendThoseThatTakeLong() {
        while (watched.get()) {
            LockSupport.parkNanos(MOMENT_NANOS);
            long now = System.nanoTime();
            staying.forEach(stay -> stay.lendIfLong(now));
            if (staying.isEmpty() && now - lastStay > WATCHED_NANOS) {
                watched.set(false);
                // One that has come since has still seen somebody watch.
                if (!staying.isEmpty()) {
                    watch();
                }
                return;
            }
        }
    }
}
