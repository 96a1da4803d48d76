package org.vmfinalize.server.instantvm;

import java.util.Optional;
import org.springframework.stereotype.Component;
import org.vmfinalize.server.plan.Plan;
import org.vmfinalize.server.plan.WarningType;
import org.vmfinalize.server.session.Caller;
import org.vmfinalize.server.session.Sights;

/// The instant VMs that somebody has taken out of vCenter's inventory. Their disks and their backup stay until they are
/// registered again, or discarded.
///
/// **Threads:** any number.
@Component
public class GoneVms {

    private final InstantVms instantVms;
    private final VmRemoval removal;
    private final Sights sights;

    GoneVms(InstantVms instantVms, VmRemoval removal, Sights sights) {
        this.instantVms = instantVms;
        this.removal = removal;
        this.sights = sights;
    }

    /// The machine of that id, if it is one of ours and gone.
    public Optional<InstantVm> find(String vmId) {
        return instantVms.find(vmId).filter(vm -> !removal.isThere(vm));
    }

    /// The same for those who may know of it: nobody has a right on the machine itself any more.
    Optional<InstantVm> shownTo(Caller caller, String vmId) {
        return find(vmId).filter(vm -> sights.of(caller).covers(vmId, vm.createdBy()));
    }

    /// What people should know of it.
    public static Plan.Remark remark(InstantVm vm) {
        return Plan.Remark.of(WarningType.NOT_IN_INVENTORY,
                "VM %s: somebody took it out of vCenter's inventory; its disks in [%s] %s stay, and still need the backup"
                        .formatted(vm.name(), vm.datastore(), vm.folder()));
    }
}
