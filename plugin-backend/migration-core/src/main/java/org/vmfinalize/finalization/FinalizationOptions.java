package org.vmfinalize.finalization;

import org.vmfinalize.hydration.PaceSettings;

/// What a user may choose.
///
/// @param provisioning how much space the finished disks take
/// @param pace how fast it may be
/// @param verify whether the disks are read back and proven before they are sealed
public record FinalizationOptions(Provisioning provisioning, PaceSettings pace, boolean verify) {

    /// Thin, as fast as the guest hardly feels, not verified.
    public static final FinalizationOptions DEFAULT = new FinalizationOptions(Provisioning.THIN, 0);

    /// With a limit in bytes a second, 0 = none, and without verification.
    public FinalizationOptions(Provisioning provisioning, long bytesPerSecond) {
        this(provisioning, PaceSettings.AUTOMATIC.withLimit(bytesPerSecond), false);
    }

    /// The same with verification, or without.
    public FinalizationOptions verifying(boolean wanted) {
        return new FinalizationOptions(provisioning, pace, wanted);
    }
}
