package org.vmfinalize.disk;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Lets many callers share one costly action: a caller is served by any run that begins after it called.
///
/// One of the callers runs the action; the others wait for it, and those that come meanwhile share the next run.
final class GroupCommit {

    /// What is shared.
    interface Action {
        void run() throws IOException;
    }

    private static final class Round {
        boolean done;
        @Nullable
        IOException failure;
    }

    private final Action action;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /// The round that has not begun.
    @GuardedBy("lock")
    private Round next = new Round();

    @GuardedBy("lock")
    private boolean running;

    GroupCommit(Action action) {
        this.action = action;
    }

    /// Returns after a run of the action that began after this call.
    ///
    /// @throws IOException what that run has thrown
    void commit() throws IOException {
        Round round;
        boolean leader;
        lock.lock();
        try {
            round = next;
            while (running && !round.done) {
                changed.awaitUninterruptibly();
            }
            leader = !round.done;
            if (leader) {
                running = true;
                next = new Round();
            }
        } finally {
            lock.unlock();
        }
        if (leader) {
            lead(round, action);
        }
        if (round.failure != null) {
            throw round.failure;
        }
    }

    /// Runs `step` while no round runs.
    void alone(Action step) throws IOException {
        lock.lock();
        try {
            while (running) {
                changed.awaitUninterruptibly();
            }
            running = true;
        } finally {
            lock.unlock();
        }
        var round = new Round();
        lead(round, step);
        if (round.failure != null) {
            throw round.failure;
        }
    }

    private void lead(Round round, Action step) {
        @Nullable
        IOException failure = new IOException("flush: was left by an error of the program; see the log");
        try {
            step.run();
            failure = null;
        } catch (IOException e) {
            failure = e;
        } finally {
            lock.lock();
            try {
                round.failure = failure;
                round.done = true;
                running = false;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }
}
