package org.vmfinalize.finalization;

/// What a user may choose.
///
/// @param provisioning how much space the finished disks take
/// @param bytesPerSecond the most that is read from the backup, all disks together; 0 = no limit
/// @param verify whether the disks are read back and proven before they are sealed
public record FinalizationOptions(Provisioning provisioning, long bytesPerSecond, boolean verify) {

    /// Thin, without a limit, not verified.
    public static final FinalizationOptions DEFAULT = new FinalizationOptions(Provisioning.THIN, 0);

    /// Without verification.
    public FinalizationOptions(Provisioning provisioning, long bytesPerSecond) {
        this(provisioning, bytesPerSecond, false);
    }

    /// The same with verification, or without.
    public FinalizationOptions verifying(boolean wanted) {
        return new FinalizationOptions(provisioning, bytesPerSecond, wanted);
    }

    public FinalizationOptions {
        if (bytesPerSecond < 0) {
            throw new IllegalArgumentException(
                    "bytesPerSecond: must be at least 0 (no limit) but was " + bytesPerSecond);
        }
    }
}
