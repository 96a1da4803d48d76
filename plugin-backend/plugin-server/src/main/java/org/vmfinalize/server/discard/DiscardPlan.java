package org.vmfinalize.server.discard;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.server.plan.Plan;

/// What would come of throwing a machine away, as the API shows it.
///
/// @param action `discard`
/// @param possible whether nothing speaks against it now
/// @param backup none if the machine's disks are not served
/// @param guestWrittenBytes what the guest has written since it was started, which would be lost or kept
/// @param keptChanges the name under which it would be kept; none: it is lost
/// @param privileges all that it needs
/// @param refusals all that speaks against it
/// @param warnings what does not, but should be known
record DiscardPlan(String action, boolean possible, Plan.Vm vm, Plan.@Nullable Backup backup,
        long guestWrittenBytes, @Nullable String keptChanges, List<Plan.Privilege> privileges,
        List<Plan.Remark> refusals, List<Plan.Remark> warnings) {}
