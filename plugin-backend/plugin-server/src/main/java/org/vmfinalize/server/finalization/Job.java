package org.vmfinalize.server.finalization;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.finalization.FinalizationOptions;
import org.vmfinalize.finalization.Provisioning;
import org.vmfinalize.hydration.PaceSettings;

/// A finalization as its row tells it.
///
/// @param vmName the name when it was asked for
/// @param newName the name that was asked for, if any
/// @param pace how fast it may be, when the row was read
/// @param verify whether the disks are read back and proven before they are sealed
/// @param paused whether a user paused it, which outlives a restart
/// @param failure why it failed, one line
/// @param task the id of vCenter's task, once it is made
/// @param reported whether vCenter knows how it ended
/// @param promotion how far vCenter is with making its disks independent of ours; none: its disks are ours
/// @param move whether it is also moved to another datastore
/// @param progress the last progress that was written down
record Job(String id, String vmId, String vmName, @Nullable String newName, String datastore, String folder,
        Provisioning provisioning, PaceSettings pace, boolean verify, State state, boolean paused,
        @Nullable String failure,
        @Nullable String task, boolean reported, @Nullable VCenterStep promotion, @Nullable Move move,
        @Nullable SavedProgress progress,
        String initiator,
        Instant startedAt, @Nullable Instant endedAt) {

    /// The name that it has, or is about to have.
    String currentName() {
        return newName == null ? vmName : newName;
    }

    /// A machine that is moved on takes the form of its disks there: what it leaves behind is not filled up first.
    FinalizationOptions options() {
        return new FinalizationOptions(move == null ? provisioning : Provisioning.THIN, pace, verify);
    }

    Job withoutNewName() {
        return new Job(id, vmId, vmName, null, datastore, folder, provisioning, pace, verify, state, paused,
                failure,
                task, reported, promotion, move, progress, initiator, startedAt, endedAt);
    }

    /// How much vCenter copies once the disks are complete, about.
    ///
    /// @param saved how much there is in the backup
    long bytesAfter(SavedProgress saved) {
        return promotionBytes(saved) + (move == null ? 0 : move.bytes());
    }

    /// How much vCenter copies to make the disks independent, about.
    long promotionBytes(SavedProgress saved) {
        return promotion == null ? 0 : saved.totalBytes();
    }

    /// Nothing needs the backup any more, however it ended.
    boolean backupReleased() {
        return state == State.COMPLETED
                || (promotion != null && promotion.state() != VCenterStep.State.WAITING);
    }

    /// Its disks are left as they are and moved.
    boolean movesInstead() {
        return move != null && move.instead();
    }

    enum State {
        /// To be done; goes on after a restart.
        ACTIVE, COMPLETED, CANCELLED, FAILED
    }
}
