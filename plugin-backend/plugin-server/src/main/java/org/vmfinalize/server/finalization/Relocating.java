package org.vmfinalize.server.finalization;

import java.util.Optional;
import org.vmfinalize.finalization.Provisioning;
import org.vmfinalize.server.vcenter.ServiceAccount;
import org.vmfinalize.vcenter.Datastore;
import org.vmfinalize.vcenter.DatastorePath;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.Relocation;
import org.vmfinalize.vcenter.Relocation.DiskForm;
import org.vmfinalize.vcenter.VirtualDisk;

/// Moves a machine to another datastore.
record Relocating(ServiceAccount vcenter, MoRef vm, Move move) implements VCenterWork {

    @Override
    public String what() {
        return "move to datastore " + move.name();
    }

    @Override
    public Order prepare() {
        var disks = vcenter.ask(session -> session.disks(vm)).stream()
                .map(disk -> new Relocation.Disk(disk.key(), form(move.of(name(disk))))).toList();
        var relocation = new Relocation(move.ref(), disks);
        return () -> vcenter.ask(session -> session.relocate(vm, relocation));
    }

    private static String name(VirtualDisk disk) {
        return disk.fileName().replaceFirst("^.*[/ ]", "").replaceFirst("\\.vmdk$", "");
    }

    private static DiskForm form(Provisioning provisioning) {
        return switch (provisioning) {
            case THIN -> DiskForm.THIN;
            case THICK -> DiskForm.THICK_LAZY_ZEROED;
            case EAGER_THICK -> DiskForm.THICK_EAGER_ZEROED;
        };
    }

    @Override
    public Optional<MoRef> underWay() {
        return vcenter.ask(session -> session.relocationOf(vm));
    }

    @Override
    public String missing() {
        // It may have another name by now.
        var name = vcenter.ask(session -> session.datastores()).stream()
                .filter(known -> known.ref().equals(move.ref())).map(Datastore::name).findFirst()
                .orElse(move.name());
        var files = vcenter.ask(session -> session.disks(vm)).stream().map(VirtualDisk::fileName)
                .filter(file -> !file.isEmpty()).toList();
        var elsewhere = files.stream().filter(file -> !DatastorePath.parse(file).datastore().equals(name))
                .toList();
        if (!elsewhere.isEmpty()) {
            return "these disks are not there: " + String.join(", ", elsewhere);
        }
        return files.size() < move.disks()
                ? "it shows %d disks instead of %d".formatted(files.size(), move.disks())
                : "";
    }
}
