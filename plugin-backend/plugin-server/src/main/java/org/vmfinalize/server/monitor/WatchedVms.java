package org.vmfinalize.server.monitor;

import java.util.List;
import org.springframework.stereotype.Component;
import org.vmfinalize.datastore.InstantDisks;
import org.vmfinalize.disk.LiveDisk;
import org.vmfinalize.server.instantvm.InstantVms;
import org.vmfinalize.server.problem.Problem;
import org.vmfinalize.server.problem.ProblemType;
import org.vmfinalize.server.session.Caller;

/// The machines whose bytes a caller may look at: those that vCenter shows him.
@Component
class WatchedVms {

    private final InstantVms instantVms;

    WatchedVms(InstantVms instantVms) {
        this.instantVms = instantVms;
    }

    /// The live disks of a machine.
    ///
    /// @throws Problem VM_NOT_FOUND, or NOT_AN_INSTANT_VM if none of its bytes are in a backup
    List<LiveDisk> disks(Caller caller, String vmId) {
        var machine = caller.virtualMachine(vmId);
        return instantVms.find(vmId).flatMap(instantVms::disks).map(InstantDisks::disks)
                .orElseThrow(() -> new Problem(ProblemType.NOT_AN_INSTANT_VM,
                        "VM %s: it does not run from a backup of this server, so there is nothing to watch"
                                .formatted(machine.name())));
    }
}
