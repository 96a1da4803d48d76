package org.vmfinalize.server.instantvm;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vmfinalize.server.session.Right;
import org.vmfinalize.server.vcenter.VmFinalizeKeys;
import org.vmfinalize.vcenter.Datastore;

/// What a user must be allowed who runs a backup. The machine is made by the service account, so it is looked at here
/// that the user could have made it himself.
final class RunPrivileges {

    private RunPrivileges() {}

    static List<Right> of(VmStartRequest request, Destination destination, Optional<Datastore> changes) {
        var rights = new ArrayList<Right>();
        var host = destination.hosts().getFirst();
        rights.add(new Right(host.ref(), "host " + host.name(), List.of(VmFinalizeKeys.PRIVILEGE_RUN)));
        rights.add(new Right(destination.pool(), "resource pool " + destination.pool().value(),
                List.of("Resource.AssignVMToPool")));
        var inFolder = new ArrayList<>(List.of("VirtualMachine.Inventory.Create"));
        inFolder.add(changes.isPresent()
                ? "VirtualMachine.Config.AddNewDisk"
                : "VirtualMachine.Config.AddExistingDisk");
        changes.ifPresent(store -> rights.add(new Right(store.ref(), "datastore " + store.name(),
                List.of("Datastore.AllocateSpace"))));
        if (request.powersOn()) {
            inFolder.add("VirtualMachine.Interact.PowerOn");
        }
        rights.add(new Right(destination.folder(), "folder " + destination.folder().value(), inFolder));
        destination.networks().stream()
                .filter(request::names)
                .forEach(network -> rights.add(new Right(network.ref(), "network " + network.name(),
                        List.of("Network.Assign"))));
        return rights;
    }
}
