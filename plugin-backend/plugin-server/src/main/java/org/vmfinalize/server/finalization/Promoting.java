package org.vmfinalize.server.finalization;

import java.util.Optional;
import org.vmfinalize.server.vcenter.ServiceAccount;
import org.vmfinalize.vcenter.DatastorePath;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.VirtualDisk;

/// Makes the disks of a machine independent of their parents, which a datastore of ours serves, while it runs.
///
/// @param datastore our datastore's name
/// @param disks how many disks it has at least
record Promoting(ServiceAccount vcenter, MoRef vm, String datastore, int disks) implements VCenterWork {

    @Override
    public String what() {
        return "making its disks independent";
    }

    @Override
    public Order prepare() {
        return () -> vcenter.ask(session -> session.promoteDisks(vm));
    }

    @Override
    public Optional<MoRef> underWay() {
        return vcenter.ask(session -> session.promotionOf(vm));
    }

    @Override
    public String missing() {
        var all = vcenter.ask(session -> session.disks(vm)).stream()
                .filter(disk -> !disk.fileName().isEmpty())
                .toList();
        var dependent = all.stream().filter(this::needsUs).map(VirtualDisk::fileName).toList();
        if (!dependent.isEmpty()) {
            return "these disks still need others: " + String.join(", ", dependent);
        }
        return all.size() < disks ? "it shows %d disks instead of %d".formatted(all.size(), disks) : "";
    }

    private boolean needsUs(VirtualDisk disk) {
        return !disk.parent().isEmpty()
                || DatastorePath.parse(disk.fileName()).datastore().equals(datastore);
    }
}
