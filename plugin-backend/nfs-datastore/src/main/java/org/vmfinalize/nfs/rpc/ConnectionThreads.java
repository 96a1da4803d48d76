package org.vmfinalize.nfs.rpc;

import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// The threads that read a server's connections, one for each.
///
/// A thread that has a step to do which waits for a device may lend itself to it: another one goes on with the connection.
/// The step then begins at once, and it is the other thread's waking up that nobody has to wait for.
///
/// **Threads:** any number. There are as many as connections, and up to 64 lent ones.
final class ConnectionThreads {

    private static final int MOST_LENT = 64;
    private static final int KEPT_SECONDS = 30;

    private final Executor threads;
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
}
