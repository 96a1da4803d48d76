package org.vmfinalize.finalization;

/// What a user may choose.
///
/// @param provisioning how much space the finished disks take
/// @param bytesPerSecond the most that is read from the backup, all disks together; 0 = no limit
public record FinalizationOptions(Provisioning provisioning, long bytesPerSecond) {

    /// Thin, without a limit.
    public static final FinalizationOptions DEFAULT = new FinalizationOptions(Provisioning.THIN, 0);

    public FinalizationOptions {
        if (bytesPerSecond < 0) {
            throw new IllegalArgumentException(
                    "bytesPerSecond: must be at least 0 (no limit) but was " + bytesPerSecond);
        }
    }
}
