package org.vmfinalize.disk;

import java.time.Duration;

/// How a live disk behaves.
///
/// @param backupPatience how long a read waits for a backup that is away before it fails; 0 = not at all
/// @param journalBytes the length of the journal from which on a checkpoint is written; at least 1
public record LiveDiskSettings(Duration backupPatience, long journalBytes) {

    /// Two minutes, which is less than ESXi waits before it gives a path up, and a million records.
    public static final LiveDiskSettings DEFAULT = new LiveDiskSettings(Duration.ofMinutes(2), 16 << 20);

    public LiveDiskSettings {
        if (backupPatience.isNegative() || journalBytes < 1) {
            throw new IllegalArgumentException(
                    "live disk settings: backupPatience must be at least 0 and journalBytes at "
                            + "least 1 but were %s and %d".formatted(backupPatience, journalBytes));
        }
    }

    /// The same with another patience.
    public LiveDiskSettings withBackupPatience(Duration patience) {
        return new LiveDiskSettings(patience, journalBytes);
    }
}
