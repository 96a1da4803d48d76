package org.vmfinalize.server.finalization;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.finalization.FinalizationProgress;
import org.vmfinalize.finalization.FinalizationState;
import org.vmfinalize.finalization.TimeLeft;
import org.vmfinalize.hydration.LimitedBy;

/// Puts the progress of a finalization into the words of the API.
final class ProgressWords {

    /// What a job waits for whose disks are done.
    private static final String VCENTER = "vcenter";

    private ProgressWords() {}

    static String of(FinalizationState state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    /// A job that is not over and that nobody works on is as good as paused.
    static String of(Job.State state) {
        return state == Job.State.ACTIVE
                ? of(FinalizationState.PAUSED)
                : state.name().toLowerCase(Locale.ROOT);
    }

    /// How a finalization that is over ended.
    static Job.State outcome(FinalizationProgress progress) {
        return switch (progress.state()) {
            case COMPLETED -> Job.State.COMPLETED;
            case CANCELLED -> Job.State.CANCELLED;
            case FAILED -> Job.State.FAILED;
            case QUEUED, HYDRATING, VERIFYING, PAUSED, SEALING ->
                throw new IllegalStateException(
                        "a finalization that is " + progress.state() + " is not over");
        };
    }

    /// A job whose bytes are being worked on.
    static FinalizationView view(Job job, FinalizationProgress progress, SavedProgress saved,
            TaskReport report) {
        var waitsFor = progress.waitsFor().map(what -> what.name().toLowerCase(Locale.ROOT));
        var pauseReason = progress.pauseReason();
        var state = progress.state();
        if (state == FinalizationState.COMPLETED) {
            // The bytes are, the job is not: vCenter still shows an instant VM.
            state = FinalizationState.SEALING;
            pauseReason = report.trouble();
            waitsFor = pauseReason.map(_ -> VCENTER);
        } else if (state == FinalizationState.CANCELLED || state == FinalizationState.FAILED) {
            state = FinalizationState.HYDRATING;
        }
        return new FinalizationView(job.id(), new FinalizationView.Vm(job.vmId(), job.currentName()),
                of(state), waitsFor.orElse(null),
                pauseReason.orElse(null), null, job.provisioning().text(), saved.doneBytes(),
                saved.totalBytes() + job.bytesAfter(saved), progress.bytesPerSecond(),
                atLeast(progress.timeLeft()), atMost(progress.timeLeft()), saved.hydratedBytes(),
                saved.guestWrittenBytes(), progress.verifiedBytes(),
                PaceView.of(progress.pace(), progress.limitedBy()), saved.disks(),
                job.startedAt(), null, job.initiator(), report.task(),
                progress.state() == FinalizationState.COMPLETED, MoveView.of(job.move(), 0), null);
    }

    /// A job whose disks were all sealed before a restart: only vCenter is still to be told.
    static FinalizationView sealed(Job job, SavedProgress saved, TaskReport report) {
        return new FinalizationView(job.id(), new FinalizationView.Vm(job.vmId(), job.currentName()),
                of(FinalizationState.SEALING), report.trouble().map(_ -> VCENTER).orElse(null),
                report.trouble().orElse(null), null,
                job.provisioning().text(), saved.doneBytes(), saved.totalBytes() + job.bytesAfter(saved), 0,
                null,
                null,
                saved.hydratedBytes(), saved.guestWrittenBytes(), 0,
                PaceView.of(job.pace(), LimitedBy.NOTHING),
                saved.disks(), job.startedAt(), null,
                job.initiator(), report.task(), true, MoveView.of(job.move(), 0), null);
    }

    /// A job whose disks are complete, and whose machine vCenter is still working on.
    static FinalizationView following(Job job, SavedProgress saved, AfterWork after, TaskReport report) {
        var task = after.current().orElseThrow();
        var move = after.move();
        boolean moving = after.isMoving();
        long bytes = moving && move != null ? move.bytes() : job.promotionBytes(saved);
        long before = saved.doneBytes() + (moving ? job.promotionBytes(saved) : 0);
        return new FinalizationView(job.id(), new FinalizationView.Vm(job.vmId(), job.currentName()),
                moving ? "moving" : "promoting",
                task.trouble().or(report::trouble).map(_ -> VCENTER).orElse(null),
                task.trouble().or(report::trouble).orElse(null), null,
                job.provisioning().text(), before + bytes / 100 * task.percent(),
                saved.totalBytes() + job.bytesAfter(saved), 0, null, null, saved.hydratedBytes(),
                saved.guestWrittenBytes(), 0, PaceView.of(job.pace(), LimitedBy.NOTHING), saved.disks(),
                job.startedAt(), null, job.initiator(), report.task(), !job.movesInstead(),
                MoveView.of(move, moving ? task.percent() : 0), null);
    }

    /// @param earlier how far the job was when the server was started
    /// @param files the descriptors of the disks by their names
    static SavedProgress saved(FinalizationProgress progress, SavedProgress earlier,
            Map<String, String> files) {
        return new SavedProgress(progress.doneBytes(), progress.totalBytes(), progress.hydratedBytes(),
                progress.guestWrittenBytes(),
                earlier.heldUp().plus(progress.history()),
                progress.disks()
                        .stream()
                        .map(disk -> new SavedProgress.Disk(disk.name(), files.getOrDefault(disk.name(), ""),
                                of(disk, progress.state()), disk.doneBytes(), disk.totalBytes(),
                                disk.sizeBytes(), atLeast(disk.timeLeft()), atMost(disk.timeLeft())))
                        .toList())
                .withSealedBefore(earlier);
    }

    private static @Nullable Long atLeast(Optional<TimeLeft> left) {
        return left.map(range -> range.atLeast().toSeconds()).orElse(null);
    }

    /// Rounded up: what ends in half a second is not over yet.
    private static @Nullable Long atMost(Optional<TimeLeft> left) {
        return left.map(range -> range.atMost().plusMillis(999).toSeconds()).orElse(null);
    }

    private static String of(FinalizationProgress.Disk disk, FinalizationState job) {
        if (disk.sealed()) {
            return of(FinalizationState.COMPLETED);
        }
        if (job == FinalizationState.HYDRATING && disk.doneBytes() == 0 && disk.totalBytes() > 0) {
            return of(FinalizationState.QUEUED);
        }
        return of(job);
    }
}
