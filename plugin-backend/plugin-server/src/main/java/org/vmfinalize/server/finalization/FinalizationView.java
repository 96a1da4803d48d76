package org.vmfinalize.server.finalization;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A finalization as the API shows it.
///
/// @param state `queued`, `hydrating`, `paused`, `sealing`, `completed`, `cancelled` or `failed`
/// @param pauseReason why it waits, if it does
/// @param failure why it failed, if it did
/// @param secondsLeft an estimate, if there is one
/// @param initiator who asked for it
/// @param task the id of vCenter's task
record FinalizationView(String id, Vm vm, String state, @Nullable String pauseReason,
        @Nullable String failure,
        String provisioning, long doneBytes, long totalBytes, long bytesPerSecond, @Nullable Long secondsLeft,
        long hydratedBytes, long guestWrittenBytes, List<SavedProgress.Disk> disks, Instant startedAt,
        @Nullable Instant endedAt, String initiator, @Nullable String task) {

    record Vm(String id, String name) {}

    /// A view of a job that is at rest: over, or not yet begun.
    static FinalizationView of(Job job, String state, SavedProgress progress) {
        return new FinalizationView(job.id(), new Vm(job.vmId(), job.currentName()), state, null,
                job.failure(),
                job.provisioning().text(), progress.doneBytes(), progress.totalBytes(), 0, null,
                progress.hydratedBytes(), progress.guestWrittenBytes(), progress.disks(), job.startedAt(),
                job.endedAt(), job.initiator(), job.task());
    }

    boolean isFinal() {
        return state.equals("completed") || state.equals("cancelled") || state.equals("failed");
    }

    int percent() {
        return totalBytes == 0
                ? (isFinal() ? 100 : 0)
                : (int) Math.clamp(doneBytes * 100.0 / totalBytes, 0, 100);
    }
}
