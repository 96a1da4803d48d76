package org.vmfinalize.finalization;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The state of a job, what the user wants of it, and the allowed steps.
///
///     QUEUED → HYDRATING ⇄ PAUSED
///     HYDRATING → VERIFYING, if that is wanted; VERIFYING → PAUSED
///     HYDRATING, VERIFYING → SEALING → COMPLETED      SEALING → PAUSED, when the datastore hinders it
///     QUEUED, HYDRATING, VERIFYING, PAUSED → CANCELLED
///     any but the final ones → FAILED
///
/// **Threads:** any number; the job's own thread makes the steps that follow from work.
final class JobState {

    private static final String BY_USER = "paused by the user";

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    @GuardedBy("lock")
    private FinalizationState state = FinalizationState.QUEUED;

    @GuardedBy("lock")
    private @Nullable String pauseReason;

    @GuardedBy("lock")
    private @Nullable WaitsFor waitsFor;

    @GuardedBy("lock")
    private @Nullable String failure;

    @GuardedBy("lock")
    private boolean pausedByUser;

    @GuardedBy("lock")
    private boolean cancelled;

    private final LongSupplier nanoClock;

    @GuardedBy("lock")
    private History history = History.NONE;

    @GuardedBy("lock")
    private long pausedSinceNanos;

    JobState(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /// What has held it up, until now.
    History history() {
        lock.lock();
        try {
            return state == FinalizationState.PAUSED ? history.plus(new History(0, 0, standing())) : history;
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private Duration standing() {
        return Duration.ofNanos(nanoClock.getAsLong() - pausedSinceNanos);
    }

    /// The state at one moment.
    record Now(FinalizationState state, Optional<WaitsFor> waitsFor, Optional<String> pauseReason,
            Optional<String> failure) {}

    Now now() {
        lock.lock();
        try {
            return new Now(state, Optional.ofNullable(waitsFor), Optional.ofNullable(pauseReason),
                    Optional.ofNullable(failure));
        } finally {
            lock.unlock();
        }
    }

    void start() {
        lock.lock();
        try {
            require(state == FinalizationState.QUEUED, "started");
            set(FinalizationState.HYDRATING);
        } finally {
            lock.unlock();
        }
    }

    void pause() {
        lock.lock();
        try {
            require(state == FinalizationState.HYDRATING || state == FinalizationState.VERIFYING
                    || state == FinalizationState.PAUSED, "paused");
            history = pausedByUser ? history : history.plus(new History(1, 0, Duration.ZERO));
            pausedByUser = true;
            setPaused(WaitsFor.USER, BY_USER);
        } finally {
            lock.unlock();
        }
    }

    void resume() {
        lock.lock();
        try {
            require(state == FinalizationState.PAUSED, "resumed");
            pausedByUser = false;
            set(FinalizationState.HYDRATING);
        } finally {
            lock.unlock();
        }
    }

    /// A job that has not started is cancelled at once; else its thread sees to it.
    void cancel() {
        lock.lock();
        try {
            require(state != FinalizationState.SEALING && !state.isFinal(), "cancelled");
            cancelled = true;
            if (state == FinalizationState.QUEUED) {
                set(FinalizationState.CANCELLED);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean isStopWanted() {
        lock.lock();
        try {
            return pausedByUser || cancelled;
        } finally {
            lock.unlock();
        }
    }

    /// Waits while the user has it paused.
    ///
    /// @return false if it was cancelled
    boolean awaitLeave() {
        lock.lock();
        try {
            while (pausedByUser && !cancelled) {
                changed.awaitUninterruptibly();
            }
            if (!cancelled && state == FinalizationState.PAUSED) {
                set(FinalizationState.HYDRATING);
            }
            return !cancelled;
        } finally {
            lock.unlock();
        }
    }

    /// Pauses with a reason for `pause`, or until the user resumes or cancels; unless the user has stopped it already.
    ///
    /// @param tell called when it has begun to wait
    void pauseFor(WaitsFor waitsFor, String reason, Duration pause, Runnable tell) {
        lock.lock();
        try {
            if (pausedByUser || cancelled) {
                return;
            }
            history = history.plus(new History(0, 1, Duration.ZERO));
            setPaused(waitsFor, reason);
        } finally {
            lock.unlock();
        }
        tell.run();
        lock.lock();
        try {
            long left = pause.toNanos();
            while (left > 0 && state == FinalizationState.PAUSED && !pausedByUser && !cancelled) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // nobody does; should it happen, it only tries again early
        } finally {
            lock.unlock();
        }
    }

    /// Begins to verify, unless the user wants to stop.
    boolean tryVerifying() {
        return tryStep(FinalizationState.VERIFYING);
    }

    /// Begins to seal, unless the user wants to stop.
    boolean trySealing() {
        return tryStep(FinalizationState.SEALING);
    }

    private boolean tryStep(FinalizationState next) {
        lock.lock();
        try {
            if (pausedByUser || cancelled) {
                return false;
            }
            set(next);
            return true;
        } finally {
            lock.unlock();
        }
    }

    void end(FinalizationState end, @Nullable String why) {
        lock.lock();
        try {
            failure = why;
            set(end);
        } finally {
            lock.unlock();
        }
    }

    void awaitEnd() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!state.isFinal()) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void setPaused(WaitsFor what, String reason) {
        set(FinalizationState.PAUSED);
        waitsFor = what;
        pauseReason = reason;
    }

    @GuardedBy("lock")
    private void set(FinalizationState next) {
        if (state != FinalizationState.PAUSED) {
            pausedSinceNanos = nanoClock.getAsLong();
        } else if (next != FinalizationState.PAUSED) {
            history = history.plus(new History(0, 0, standing()));
        }
        state = next;
        pauseReason = null;
        waitsFor = null;
        changed.signalAll();
    }

    @GuardedBy("lock")
    private void require(boolean allowed, String step) {
        if (!allowed) {
            throw new IllegalStateException("a finalization that is %s cannot be %s".formatted(
                    state.name().toLowerCase(java.util.Locale.ROOT), step));
        }
    }
}
