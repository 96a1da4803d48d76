package org.vmfinalize.finalization;

import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.vmfinalize.datastore.InstantDisks;
import org.vmfinalize.hydration.HydrationPool;
import org.vmfinalize.hydration.LimitedBy;
import org.vmfinalize.hydration.PaceSettings;

/// The job that hydrates and seals all disks of one instant VM, while the VM runs.
///
/// When the backup is away or the datastore full, it waits with that reason and tries again by itself with growing
/// pauses. What is done stays done: a new job for the same disks, after a cancel, a failure or a restart of the server,
/// goes on where the last one stopped.
///
/// **Threads:** any number may call; one thread of its own, named `finalize-VM`, does the work together with the
/// hydrator's workers. It ends with the job.
public final class Finalization {

    private final InstantDisks disks;
    private final FinalizationListener listener;
    private final JobState state;
    private final DiskWork work;
    private final Optional<Verification> verification;
    private final Rate rate;
    private final Forecast forecast;
    private final RetryPauses pauses;

    /// Held while the listener is told, so that it hears of changes in their order.
    private final Object telling = new Object();

    private Finalization(InstantDisks disks, FinalizationOptions options, FinalizationListener listener,
            LongSupplier nanoClock, RetryPauses pauses) {
        this.disks = disks;
        this.listener = listener;
        this.state = new JobState(nanoClock);
        this.work = new DiskWork(disks.disks(), options, HydrationPool.OF_SERVER, nanoClock);
        this.verification = options.verify()
                ? Optional.of(new Verification(disks.disks(), work.pace()))
                : Optional.empty();
        this.rate = new Rate(nanoClock);
        this.forecast = new Forecast(nanoClock);
        this.pauses = pauses;
    }

    /// A job that is not started yet.
    public static Finalization of(InstantDisks disks, FinalizationOptions options,
            FinalizationListener listener) {
        return of(disks, options, listener, System::nanoTime, RetryPauses.DEFAULT);
    }

    /// A job with its own clock and pauses, for tests.
    static Finalization of(InstantDisks disks, FinalizationOptions options, FinalizationListener listener,
            LongSupplier nanoClock, RetryPauses pauses) {
        return new Finalization(disks, options, listener, nanoClock, pauses);
    }

    /// Starts it.
    ///
    /// @throws IllegalStateException if it was started or cancelled before
    public void start() {
        state.start();
        restartRate();
        tell();
        Thread.ofPlatform().name("finalize-" + disks.vmFolder()).daemon().start(this::run);
    }

    /// Pauses it until [#resume()]; what is under way is finished. One that waits by itself no longer goes on by itself.
    ///
    /// @throws IllegalStateException unless it is hydrating, verifying or paused
    public void pause() {
        state.pause();
        work.stop();
        tell();
    }

    /// Lets a paused one go on; one that waits for backup or datastore tries again at once.
    ///
    /// @throws IllegalStateException unless it is paused
    public void resume() {
        state.resume();
        restartRate();
        tell();
    }

    /// Cancels it. It becomes [FinalizationState#CANCELLED] when what is under way is finished.
    ///
    /// @throws IllegalStateException if it is sealing or has ended
    public void cancel() {
        state.cancel();
        work.stop();
        tell();
    }

    /// Changes how fast it may be, at once.
    public void pace(PaceSettings settings) {
        work.pace().change(settings);
        restartRate();
    }

    /// Waits until it has come to an end.
    public FinalizationProgress await() throws InterruptedException {
        state.awaitEnd();
        return progress();
    }

    /// How far it is now. Cheap: ask as often as you like.
    public FinalizationProgress progress() {
        var now = state.now();
        boolean moving = now.state() == FinalizationState.HYDRATING;
        var parts = work.progress(moving);
        long done = parts.stream().mapToLong(FinalizationProgress.Disk::doneBytes).sum();
        long total = parts.stream().mapToLong(FinalizationProgress.Disk::totalBytes).sum();
        long bytesPerSecond = moving ? rate.sample(done) : 0;
        Optional<TimeLeft> timeLeft = moving ? forecast.look(total - done) : Optional.empty();
        Optional<String> stuck = moving ? work.waitsFor() : Optional.empty();
        return new FinalizationProgress(now.state(), now.waitsFor().or(() -> stuck.map(_ -> WaitsFor.BACKUP)),
                now.pauseReason().or(() -> stuck), now.failure(), done, total,
                bytesPerSecond,
                timeLeft, work.hydratedBytes(), work.guestWrittenBytes(),
                verification.map(Verification::verifiedBytes).orElse(0L), state.history(),
                work.pace().settings(),
                moving ? work.pace().limitedBy() : LimitedBy.NOTHING, parts);
    }

    /// What verification has proven of each disk that was not sealed when the job began, in the VM's order; empty if it was
    /// not asked for. To be asked once the job is completed, or while it is sealing: then what the guest writes until the
    /// seal is missing.
    public List<VerifiedDisk> verified() {
        return verification.map(Verification::disks).orElse(List.of());
    }

    private void tell() {
        synchronized (telling) {
            listener.changed(progress());
        }
    }

    private void run() {
        new JobThread(state, work, verification, disks, pauses, this::restartRateAndTell).run();
    }

    private void restartRate() {
        rate.restart(work.doneBytes());
        forecast.restart(work.leftBytes());
        work.restartForecasts();
    }

    private void restartRateAndTell() {
        restartRate();
        tell();
    }
}
