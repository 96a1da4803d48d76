package org.vmfinalize.finalization;

import java.util.List;
import java.util.Optional;
import org.vmfinalize.hydration.LimitedBy;
import org.vmfinalize.hydration.PaceSettings;

/// How far a finalization is, at one moment.
///
/// Work is counted in bytes of data, blocks of zeros left out; what an earlier run or the guest has made local counts as
/// done. `totalBytes` shrinks where blocks of the backup turn out to be zeros.
///
/// @param waitsFor what it waits for, while there is a pauseReason
/// @param pauseReason why it waits, for people: while it is paused, and while it hydrates and a place of the backup is not
///         read in spite of all attempts
/// @param failure why it failed, for people
/// @param doneBytes done, 0 to `totalBytes`
/// @param totalBytes done and to do
/// @param bytesPerSecond smoothed; 0 while nothing moves
/// @param timeLeft in which range the end of hydration is expected, while it moves; see [Forecast]
/// @param hydratedBytes copied from the backup
/// @param guestWrittenBytes needed no copying, since the guest had written them
/// @param verifiedBytes read back and proven, holes too
/// @param history what has held it up, since this job was started
/// @param pace how fast it may be
/// @param limitedBy what keeps it from being faster
/// @param disks each disk, in the VM's order
public record FinalizationProgress(FinalizationState state, Optional<WaitsFor> waitsFor,
        Optional<String> pauseReason, Optional<String> failure,
        long doneBytes, long totalBytes, long bytesPerSecond, Optional<TimeLeft> timeLeft, long hydratedBytes,
        long guestWrittenBytes, long verifiedBytes, History history, PaceSettings pace, LimitedBy limitedBy,
        List<Disk> disks) {

    /// One disk's part.
    ///
    /// @param name the live disk's name
    /// @param doneBytes as for the whole
    /// @param totalBytes as for the whole
    /// @param sizeBytes the disk's size
    /// @param sealed whether it is a plain file now
    /// @param timeLeft as for the whole
    public record Disk(String name, long doneBytes, long totalBytes, long sizeBytes, boolean sealed,
            Optional<TimeLeft> timeLeft) {}

    public FinalizationProgress {
        disks = List.copyOf(disks);
    }
}
