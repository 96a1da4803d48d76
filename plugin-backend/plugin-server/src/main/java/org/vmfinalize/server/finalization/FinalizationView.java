package org.vmfinalize.server.finalization;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.hydration.LimitedBy;

/// A finalization as the API shows it.
///
/// @param state `queued`, `hydrating`, `verifying`, `paused`, `sealing`, `promoting`, `moving`, `completed`, `cancelled` or `failed`
/// @param waitsFor what it waits for, if it does: `user`, `backup`, `space` on the datastore, `datastore` or `vcenter`
/// @param pauseReason why it waits, if it does; for people
/// @param failure why it failed, if it did
/// @param secondsLeftAtLeast the earliest end of hydration that is expected, if that can be told
/// @param secondsLeft the latest end that is expected; neither grows while work goes on undisturbed
/// @param verifiedBytes how much was read back and proven, holes too
/// @param doneBytes what of `totalBytes` is done; both have what is to be moved to another datastore in them, too
/// @param move where it is moved to, if it is
/// @param receipt where the receipt is, once there is one; relative to the server
/// @param initiator who asked for it
/// @param task the id of vCenter's task
/// @param backupReleased whether nothing needs the backup any more: it is safe to unplug
record FinalizationView(String id, Vm vm, String state, @Nullable String waitsFor,
        @Nullable String pauseReason, @Nullable String failure,
        String provisioning, long doneBytes, long totalBytes, long bytesPerSecond,
        @Nullable Long secondsLeftAtLeast, @Nullable Long secondsLeft,
        long hydratedBytes, long guestWrittenBytes, long verifiedBytes, PaceView pace,
        List<SavedProgress.Disk> disks,
        Instant startedAt,
        @Nullable Instant endedAt, String initiator, @Nullable String task, boolean backupReleased,
        @Nullable MoveView move, @Nullable String receipt) {

    private static final double TENTHS_OF_MIB = (1 << 20) / 10.0;

    record Vm(String id, String name) {}

    /// A view of a job that is at rest: over, or not yet begun.
    static FinalizationView of(Job job, String state, SavedProgress progress) {
        var move = MoveView.of(job.move(), 0);
        long moved = job.state() == Job.State.COMPLETED
                && (move == null || move.state().equals("moved"))
                        ? job.bytesAfter(progress)
                        : 0;
        return new FinalizationView(job.id(), new Vm(job.vmId(), job.currentName()), state, null, null,
                job.failure(),
                job.provisioning().text(), progress.doneBytes() + moved, progress.totalBytes() + moved, 0,
                null, null,
                progress.hydratedBytes(), progress.guestWrittenBytes(), 0,
                PaceView.of(job.pace(), LimitedBy.NOTHING), progress.disks(), job.startedAt(),
                job.endedAt(), job.initiator(), job.task(), job.backupReleased(),
                move, null);
    }

    /// What became of the machine, as a sentence; null as long as the job goes on.
    @JsonProperty
    @Nullable
    String message() {
        double mebibytes = Math.ceil(guestWrittenBytes / TENTHS_OF_MIB) / 10;
        return switch (state) {
            case "completed" ->
                "VM %s has all its data%s; the backup is safe to unplug".formatted(vm.name(), whereabouts());
            case "cancelled", "failed" -> backupReleased
                    ? "VM %s has all its data, on two datastores; finalize it again to join them"
                            .formatted(vm.name())
                    : String.format(Locale.ROOT,
                            "VM %s goes on running from its backup, which must stay; its guest has written %.1f MiB, and what is copied is kept",
                            vm.name(), mebibytes);
            default -> null;
        };
    }

    private String whereabouts() {
        if (move == null) {
            return "";
        }
        return move.state().equals("moved")
                ? " and is on datastore " + move.name()
                : " but was not moved to datastore %s: %s".formatted(move.name(), move.failure());
    }

    /// The same with its receipt.
    FinalizationView withReceipt() {
        return new FinalizationView(id, vm, state, waitsFor, pauseReason, failure, provisioning, doneBytes,
                totalBytes,
                bytesPerSecond, secondsLeftAtLeast, secondsLeft, hydratedBytes, guestWrittenBytes,
                verifiedBytes,
                pace, disks,
                startedAt,
                endedAt, initiator, task, backupReleased, move,
                "/api/v1/finalizations/%s/receipt".formatted(id));
    }

    boolean isFinal() {
        return state.equals("completed") || state.equals("cancelled") || state.equals("failed");
    }

    int verifiedPercent() {
        long size = disks.stream().mapToLong(SavedProgress.Disk::sizeBytes).sum();
        return size == 0 ? 100 : (int) Math.clamp(verifiedBytes * 100.0 / size, 0, 100);
    }

    int percent() {
        return totalBytes == 0
                ? (isFinal() ? 100 : 0)
                : (int) Math.clamp(doneBytes * 100.0 / totalBytes, 0, 100);
    }
}
