package org.vmfinalize.finalization;

/// Where a finalization stands.
public enum FinalizationState {
    /// Made and not started.
    QUEUED,
    /// Copying from the backup.
    HYDRATING,
    /// Waiting: for the user, or for backup or datastore, whereupon it goes on by itself.
    PAUSED,
    /// All is local; the disks are being read back and proven.
    VERIFYING,
    /// All is local; the disks are being let go of the backup. It can no longer be cancelled.
    SEALING,
    /// The disks are plain files and the backup is closed.
    COMPLETED,
    /// Stopped by the user. The VM runs on from the backup; what was hydrated stays.
    CANCELLED,
    /// Stopped by what waiting does not mend. The VM runs on from the backup.
    FAILED;

    /// Whether nothing comes after it.
    public boolean isFinal() {
        return this == COMPLETED || this == CANCELLED || this == FAILED;
    }
}
