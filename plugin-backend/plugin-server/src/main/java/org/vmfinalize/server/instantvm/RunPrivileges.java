package org.vmfinalize.server.instantvm;

import java.util.ArrayList;
import java.util.List;
import org.vmfinalize.server.session.Caller;
import org.vmfinalize.server.vcenter.VmFinalizeKeys;

/// What a user must be allowed who runs a backup. The machine is made by the service account, so it is looked at here
/// that the user could have made it himself.
final class RunPrivileges {

    private RunPrivileges() {}

    /// @throws org.vmfinalize.server.problem.Problem FORBIDDEN
    static void require(Caller caller, VmStartRequest request, Destination destination) {
        var host = destination.hosts().getFirst();
        caller.require(host.ref(), "host " + host.name(), List.of(VmFinalizeKeys.PRIVILEGE_RUN));
        caller.require(destination.pool(), "resource pool " + destination.pool().value(),
                List.of("Resource.AssignVMToPool"));
        var inFolder = new ArrayList<>(List.of("VirtualMachine.Inventory.CreateFromExisting"));
        if (request.powersOn()) {
            inFolder.add("VirtualMachine.Interact.PowerOn");
        }
        caller.require(destination.folder(), "folder " + destination.folder().value(), inFolder);
        destination.networks().stream()
                .filter(request::names)
                .forEach(network -> caller.require(network.ref(), "network " + network.name(),
                        List.of("Network.Assign")));
    }
}
