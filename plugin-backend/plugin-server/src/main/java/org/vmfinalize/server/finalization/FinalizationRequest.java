package org.vmfinalize.server.finalization;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.hydration.PaceSettings;

/// What somebody asks for.
///
/// @param vm the managed object id, such as `vm-51`
/// @param name the machine's new name; none: it keeps the one it has
/// @param provisioning `thin`, `thick` or `eager-thick`; none: thin
/// @param bytesPerSecond as [PaceRequest]; none: no limit
/// @param latencyGoalMillis as [PaceRequest]; none: automatic
/// @param priority as [PaceRequest]; none: normal
/// @param moveTo name or id of the datastore that it is moved to afterwards; none: it stays
/// @param moveInstead whether it is moved as it is, instead of having its disks completed first
/// @param diskProvisioning as `provisioning`, for single disks at their new place, by their names in the plan
/// @param verify whether the disks are read back and proven before they are sealed; none: they are not
record FinalizationRequest(@Nullable String vm, @Nullable String name, @Nullable String provisioning,
        @Nullable Long bytesPerSecond, @Nullable Long latencyGoalMillis, @Nullable String priority,
        @Nullable Boolean verify, @Nullable String moveTo, @Nullable Boolean moveInstead,
        @Nullable Map<String, String> diskProvisioning) {

    PaceSettings pace() {
        return new PaceRequest(bytesPerSecond, latencyGoalMillis, priority).over(PaceSettings.AUTOMATIC);
    }
}
