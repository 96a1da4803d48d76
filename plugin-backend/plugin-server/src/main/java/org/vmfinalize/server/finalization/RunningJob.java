package org.vmfinalize.server.finalization;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vmfinalize.datastore.InstantDisks;
import org.vmfinalize.finalization.Finalization;
import org.vmfinalize.finalization.FinalizationListener;
import org.vmfinalize.finalization.FinalizationOptions;
import org.vmfinalize.finalization.FinalizationProgress;
import org.vmfinalize.finalization.FinalizationState;
import org.vmfinalize.finalization.VerifiedDisk;
import org.vmfinalize.hydration.PaceSettings;
import org.vmfinalize.receipts.Receipt;
import org.vmfinalize.server.problem.Problem;
import org.vmfinalize.server.problem.ProblemType;
import org.vmfinalize.server.receipt.Receipts;

/// A job under way: the finalization of the bytes, its row, and what vCenter is told of it.
///
/// Its virtual thread, `finalization-ID`, tells vCenter every second what changed, and carries the job to its end. It
/// waits for the finalization and for vCenter, and ends with the job or by [#stop()].
///
/// **Threads:** any number.
final class RunningJob {

    private static final Logger LOG = LoggerFactory.getLogger(RunningJob.class);

    private static final long TICK_MILLIS = 1000;

    private final JobStore store;
    private final TaskReport report;
    private final Receipts receipts;
    private final Clock clock;
    private final Ending ending;
    /// How far the job was when the server was started.
    private final SavedProgress earlier;
    private final Map<String, String> files;
    /// The work on the bytes; none if all disks were sealed before a restart.
    private final @Nullable Finalization finalization;
    private final @Nullable InstantDisks disks;
    private final AfterWork after;
    /// Open until the bytes are done with, well or not.
    private final CountDownLatch bytesDone = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);

    /// Held while the row of the pace is written.
    private final ReentrantLock paceLock = new ReentrantLock();

    @GuardedBy("this")
    private long changes;

    private volatile Job job;
    private volatile @Nullable Thread thread;

    RunningJob(Job job, Optional<Work> work, AfterWork after, JobStore store,
            TaskReport report, Receipts receipts, Clock clock, Ending ending) {
        this.job = job;
        this.store = store;
        this.report = report;
        this.receipts = receipts;
        this.clock = clock;
        this.earlier = savedProgress(job);
        this.ending = ending;
        this.after = after;
        this.finalization = work.map(start -> start.make(this::changed)).orElse(null);
        this.disks = work.map(Work::disks).orElse(null);
        this.files = work.map(Work::files).orElse(Map.of());
        if (finalization == null || job.state() != Job.State.ACTIVE) {
            bytesDone.countDown();
        }
    }

    /// Begins, and tells vCenter at once, so that the user finds the task when he gets his answer.
    void start() {
        startWork();
        tellVCenter();
        startThread();
    }

    /// Goes on after a restart; vCenter may be away for long.
    void goOn() {
        startWork();
        startThread();
    }

    private void startWork() {
        var work = finalization;
        if (work != null && job.state() == Job.State.ACTIVE) {
            work.start();
            if (job.paused()) {
                work.pause();
            }
            store.setProgress(job.id(), saved(work.progress()));
        }
    }

    private void startThread() {
        thread = Thread.ofVirtual().name("finalization-" + job.id()).start(this::run);
    }

    /// As it is now.
    FinalizationView view() {
        var row = job;
        if (row.state() != Job.State.ACTIVE) {
            return FinalizationView.of(row, ProgressWords.of(row.state()), savedProgress(row));
        }
        if (after.current().isPresent()) {
            return ProgressWords.following(row, savedAfter(), after, report);
        }
        var work = finalization;
        if (work == null) {
            return ProgressWords.sealed(row, savedProgress(row).completed(), report);
        }
        var progress = work.progress();
        return ProgressWords.view(row, progress, saved(progress), report);
    }

    void pause() {
        requireUnsealed("paused");
        steer("paused", Finalization::pause);
        store.setPaused(job.id(), true);
    }

    void resume() {
        requireUnsealed("resumed");
        if (work().progress().state() == FinalizationState.PAUSED) {
            steer("resumed", Finalization::resume);
        }
        store.setPaused(job.id(), false);
    }

    /// How fast it may be.
    PaceSettings pace() {
        var work = finalization;
        return work == null ? job.pace() : work.progress().pace();
    }

    /// Changes how fast it may be. One change at a time, so that none is made on top of what is no longer true.
    void changePace(UnaryOperator<PaceSettings> change) {
        requireUnsealed("changed");
        paceLock.lock();
        try {
            var pace = change.apply(work().progress().pace());
            work().pace(pace);
            store.setPace(job.id(), pace);
        } finally {
            paceLock.unlock();
        }
    }

    /// Lets the machine go on running from its backup; what is hydrated stays.
    ///
    /// A machine that is being moved stays where it is, with what it has.
    void cancel() {
        var following = after.current();
        if (following.isPresent()) {
            following.get().cancel();
            return;
        }
        requireUnsealed("cancelled");
        steer("cancelled", Finalization::cancel);
    }

    private void steer(String what, Consumer<Finalization> step) {
        try {
            step.accept(work());
        } catch (IllegalStateException e) {
            // It went on between the look at its state and this step.
            throw notPossible(what, e);
        }
    }

    /// Waits until the state changes, or until `time` has passed.
    synchronized void awaitChange(Duration time) throws InterruptedException {
        // A change between two waits is seen at the next one: nobody waits for longer than `time`.
        long seen = changes;
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); changes == seen && left > 0; left = end - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    /// Ends the work here and now, to be gone on with at the next start.
    void stop() throws InterruptedException {
        stopped.countDown();
        var work = finalization;
        if (work != null && job.state() == Job.State.ACTIVE) {
            end(work);
        }
        changed();
        var running = thread;
        if (running != null) {
            running.interrupt();
            running.join();
        }
    }

    /// Sealing cannot be cancelled and does not take long; it may fall back to waiting, which can.
    private static void end(Finalization work) throws InterruptedException {
        try {
            work.cancel();
        } catch (IllegalStateException e) {
            LOG.debug("the server waits for the disks to be sealed", e);
        }
        work.await();
    }

    private Finalization work() {
        var work = finalization;
        if (work == null) {
            throw over();
        }
        return work;
    }

    private void requireUnsealed(String what) {
        var state = finalization == null ? FinalizationState.SEALING : work().progress().state();
        boolean possible = job.state() == Job.State.ACTIVE
                && switch (state) {
                    case QUEUED, HYDRATING, VERIFYING, PAUSED -> true;
                    case SEALING, COMPLETED, CANCELLED, FAILED -> false;
                };
        if (!possible) {
            throw notPossible(what, null);
        }
    }

    private Problem notPossible(String what, @Nullable Throwable cause) {
        var state = view().state();
        return new Problem(ProblemType.INVALID_STATE,
                "finalization of VM %s: it can be %s while it is hydrating or paused but was %s"
                        .formatted(job.currentName(), what, state),
                cause).with("state", state);
    }

    private Problem over() {
        return new Problem(ProblemType.INVALID_STATE,
                "finalization of VM %s: its disks are complete already".formatted(job.currentName()));
    }

    private void changed(FinalizationProgress progress) {
        if (progress.state() == FinalizationState.SEALING) {
            keepForReceipt(progress);
        }
        changed();
    }

    /// Sealing waits for this: once the disks are sealed, a server that is started anew knows nothing of it any more.
    private void keepForReceipt(FinalizationProgress progress) {
        var saved = saved(progress);
        try {
            store.setProgress(job.id(), saved);
            receipts.keep(receipt(saved));
        } catch (IOException e) {
            LOG.warn(
                    "finalization {} of {}: what its receipt says could not be stored before the disks are sealed ({}); should the server be killed now, it will lack digests",
                    job.id(), job.currentName(), e.getMessage());
        }
    }

    private Receipt receipt(SavedProgress saved) {
        var verified = finalization == null ? List.<VerifiedDisk>of() : finalization.verified();
        return ReceiptOfJob.make(job, saved, disks, verified, kept(), clock.instant());
    }

    private Optional<Receipt> kept() {
        try {
            return receipts.kept(job.id());
        } catch (IOException e) {
            LOG.warn(
                    "finalization {} of {}: what was kept for its receipt cannot be used, so it may lack digests: {}",
                    job.id(), job.currentName(), e.getMessage());
            return Optional.empty();
        }
    }

    private synchronized void changed() {
        var work = finalization;
        var progress = work == null ? null : work.progress();
        if (progress != null && progress.state().isFinal()) {
            bytesDone.countDown();
        }
        if (progress != null && progress.state() == FinalizationState.PAUSED && stopped.getCount() > 0) {
            // What has held the job up is part of its receipt, also after a restart.
            store.setProgress(job.id(), saved(progress));
        }
        changes++;
        notifyAll();
    }

    private void run() {
        try {
            do {
                tellVCenter();
            } while (!bytesDone.await(TICK_MILLIS, TimeUnit.MILLISECONDS));
            if (stopped.getCount() > 0) {
                finish();
            }
        } catch (InterruptedException _) {
            LOG.info("finalization {} of {}: stopped with the server; the next start goes on with it",
                    job.id(),
                    job.currentName());
        } catch (RuntimeException e) {
            LOG.error(
                    "finalization {} of {}: its supervision failed; the next start of the server goes on with it",
                    job.id(), job.currentName(), e);
        }
    }

    private void tellVCenter() {
        if (job.state() != Job.State.ACTIVE || bytesDone.getCount() == 0) {
            return;
        }
        var view = view();
        report.update(view);
        var work = finalization;
        if (report.cancelRequested() && work != null) {
            cancelForVCenter(work);
        }
    }

    private void cancelForVCenter(Finalization work) {
        try {
            work.cancel();
            LOG.info("finalization {} of {}: cancelled in vCenter", job.id(), job.currentName());
        } catch (IllegalStateException e) {
            LOG.debug("finalization {}: too late to be cancelled", job.id(), e);
        }
    }

    private void finish() throws InterruptedException {
        var work = finalization;
        var state = job.state();
        String failure = job.failure();
        if (state == Job.State.ACTIVE) {
            var progress = work == null ? null : work.progress();
            state = progress == null ? Job.State.COMPLETED : ProgressWords.outcome(progress);
            failure = progress == null ? null : progress.failure().orElse(null);
            if (state == Job.State.COMPLETED && !job.movesInstead()) {
                ending.sealed(job);
                issueReceipt(progress);
            }
            if (state == Job.State.COMPLETED) {
                var outcome = followUp();
                state = outcome.state;
                failure = outcome.failure;
            }
            if (state == Job.State.COMPLETED) {
                // Only when vCenter shows a regular machine is the job over.
                untilVCenterKnows(() -> report.completed(after.move()));
            }
            end(state, failure, progress);
        }
        switch (state) {
            case CANCELLED -> untilVCenterKnows(report::cancelled);
            case FAILED ->
                untilVCenterKnows(() -> report.failed(job.failure() == null ? "failed" : job.failure()));
            case COMPLETED, ACTIVE -> {
            }
        }
        store.setReported(job.id());
        ending.reported(job);
    }

    private record Outcome(Job.State state, @Nullable String failure) {}

    /// Has vCenter do what is left, and deletes what the machine has left behind.
    private Outcome followUp() throws InterruptedException {
        if (after.promotion().isPresent()) {
            var step = follow(after.promotion().get());
            if (step.state() != VCenterStep.State.DONE) {
                return ended(step, "its disks are complete but still need datastore %s; finalize it again: %s"
                        .formatted(job.datastore(), step.failure()));
            }
            untilVCenterKnows(() -> ending.leftBehind(job));
        }
        if (after.relocation().isPresent()) {
            var step = follow(after.relocation().get());
            if (job.movesInstead()) {
                if (step.state() != VCenterStep.State.DONE) {
                    return ended(step, step.failure());
                }
                untilVCenterKnows(() -> ending.leftBehind(job));
            }
        }
        return new Outcome(Job.State.COMPLETED, null);
    }

    private static Outcome ended(VCenterStep step, @Nullable String failure) {
        return step.state() == VCenterStep.State.CANCELLED
                ? new Outcome(Job.State.CANCELLED, null)
                : new Outcome(Job.State.FAILED, failure);
    }

    private VCenterStep follow(FollowedTask task) throws InterruptedException {
        after.enter(task);
        while (!task.tick()) {
            changed();
            report.update(view());
            if (report.cancelRequested()) {
                task.cancel();
            }
            awaitTick();
        }
        return task.step();
    }

    private SavedProgress savedAfter() {
        var work = finalization;
        return work == null ? savedProgress(job).completed() : saved(work.progress());
    }

    /// A receipt that cannot be stored is no reason to hold up a machine whose disks are complete.
    private void issueReceipt(@Nullable FinalizationProgress progress) {
        var saved = progress == null ? savedProgress(job).completed() : saved(progress);
        try {
            if (!receipts.exists(job.id())) {
                receipts.issue(receipt(saved));
            }
        } catch (IOException e) {
            LOG.error("finalization {} of {}: its receipt could not be stored, so there is none", job.id(),
                    job.currentName(), e);
        }
    }

    private void end(Job.State state, @Nullable String failure, @Nullable FinalizationProgress progress) {
        var saved = progress == null ? savedProgress(job).completed() : saved(progress);
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        var old = job;
        ending.ending(old, state);
        dropKept();
        store.end(old.id(), state, failure, saved, now);
        job = new Job(old.id(), old.vmId(), old.vmName(), old.newName(), old.datastore(), old.folder(),
                old.provisioning(), progress == null ? old.pace() : progress.pace(), old.verify(), state,
                old.paused(),
                failure, report.task(), false, after.promotionStep(), after.move(),
                saved,
                old.initiator(), old.startedAt(), now);
        ending.ended(job);
        LOG.info("finalization {} of {}: {}{}", old.id(), old.currentName(), ProgressWords.of(state),
                failure == null ? "" : ": " + failure);
        changed();
    }

    private void dropKept() {
        try {
            receipts.dropKept(job.id());
        } catch (IOException e) {
            LOG.warn(
                    "finalization {}: what was kept for its receipt could not be deleted ({}); delete it by hand",
                    job.id(), e.getMessage());
        }
    }

    private void untilVCenterKnows(Attempt attempt) throws InterruptedException {
        while (!attempt.succeeds()) {
            changed();
            awaitTick();
        }
    }

    private void awaitTick() throws InterruptedException {
        if (stopped.await(TICK_MILLIS, TimeUnit.MILLISECONDS)) {
            throw new InterruptedException();
        }
    }

    private SavedProgress saved(FinalizationProgress progress) {
        return ProgressWords.saved(progress, earlier, files);
    }

    private static SavedProgress savedProgress(Job job) {
        var progress = job.progress();
        return progress == null ? SavedProgress.NONE : progress;
    }

    @FunctionalInterface
    private interface Attempt {
        boolean succeeds();
    }

    /// What makes the finalization of a machine's disks.
    ///
    /// @param files the descriptors of the disks by their names
    record Work(InstantDisks disks, FinalizationOptions options, Map<String, String> files) {

        private Finalization make(FinalizationListener changed) {
            return Finalization.of(disks, options, changed);
        }
    }

    /// Hears how the job ends. Called on the job's thread.
    interface Ending {

        /// All bytes are there and the backup is let go; vCenter does not know it yet. After a restart it may be told again.
        void sealed(Job job);

        /// The machine needs our datastore no longer: what it has left behind can go, the backup too.
        ///
        /// @return whether that is done; if not, it is to be tried again
        boolean leftBehind(Job job);

        /// Before the row says so.
        void ending(Job job, Job.State state);

        /// The row says so; the machine may be finalized again, if it is not a regular one now.
        void ended(Job job);

        /// vCenter knows it, too: nothing is left to do.
        void reported(Job job);
    }
}
