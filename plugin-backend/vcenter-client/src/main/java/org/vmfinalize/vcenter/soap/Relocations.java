package org.vmfinalize.vcenter.soap;

import java.util.Optional;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.Relocation;
import org.vmfinalize.vcenter.Relocation.DiskForm;
import org.vmfinalize.vcenter.RelocationCheck;
import org.vmfinalize.vcenter.VCenterFault;
import org.vmfinalize.vcenter.soap.vim.Collector;
import org.vmfinalize.vcenter.soap.vim.Machines;
import org.vmfinalize.vcenter.soap.vim.Machines.RelocateSpec;
import org.vmfinalize.vcenter.soap.vim.ManagedObjectReference;
import org.vmfinalize.vcenter.soap.vim.Tasks;
import org.vmfinalize.vcenter.soap.vim.Tasks.TaskInfo;

/// Moves virtual machines from one datastore to another, and makes their disks independent of others.
final class Relocations {

    private static final String DESCRIPTION = "VirtualMachine.relocate";
    private static final String PROMOTION = "VirtualMachine.promoteDisks";

    private final Session session;
    private final Services services;
    private final Properties properties;
    private final TaskWait tasks;

    Relocations(Session session, Services services, Properties properties, TaskWait tasks) {
        this.session = session;
        this.services = services;
        this.properties = properties;
        this.tasks = tasks;
    }

    RelocationCheck check(MoRef vm, Relocation relocation) {
        if (services.provisioningChecker().isEmpty()) {
            return RelocationCheck.NOTHING;
        }
        var call = Call.of("CheckRelocate_Task", services.provisioningChecker().get()).with("vm", vm)
                .with("spec", RelocateSpec.class, spec(relocation));
        if (!(tasks.run(call).result instanceof Machines.ArrayOfCheckResults results)) {
            return RelocationCheck.NOTHING;
        }
        return new RelocationCheck(
                results.items.stream().flatMap(result -> result.error.stream()).map(Relocations::text)
                        .toList(),
                results.items.stream().flatMap(result -> result.warning.stream()).map(Relocations::text)
                        .toList());
    }

    private static String text(Tasks.LocalizedMethodFault fault) {
        return FaultReader.of(fault, DESCRIPTION).text();
    }

    MoRef begin(MoRef vm, Relocation relocation) {
        var call = Call.of("RelocateVM_Task", vm).with("spec", RelocateSpec.class, spec(relocation))
                .with("priority", "defaultPriority");
        return session.changing(() -> session.sendForOne(call, ManagedObjectReference.class)).toMoRef();
    }

    private static RelocateSpec spec(Relocation relocation) {
        var spec = new RelocateSpec();
        spec.datastore = ManagedObjectReference.of(relocation.datastore());
        for (var disk : relocation.disks()) {
            var backing = new Machines.FlatBacking();
            // Required, and not looked at: only how the disk takes its space counts.
            backing.fileName = "";
            backing.diskMode = "persistent";
            backing.thinProvisioned = disk.form() == DiskForm.THIN;
            backing.eagerlyScrub = disk.form() == DiskForm.THICK_EAGER_ZEROED;
            var locator = new Machines.DiskLocator();
            locator.diskId = disk.key();
            locator.datastore = spec.datastore;
            locator.diskMoveType = "moveAllDiskBackingsAndDisallowSharing";
            locator.diskBackingInfo = backing;
            spec.disk.add(locator);
        }
        return spec;
    }

    /// All disks that have a parent: a list would have to name them in full.
    MoRef promote(MoRef vm) {
        var call = Call.of("PromoteDisks_Task", vm).with("unlink", true);
        return session.changing(() -> session.sendForOne(call, ManagedObjectReference.class)).toMoRef();
    }

    Optional<MoRef> promotionUnderWay(MoRef vm) {
        return underWay(vm, PROMOTION);
    }

    Optional<MoRef> underWay(MoRef vm) {
        return underWay(vm, DESCRIPTION);
    }

    /// The task of that kind on a machine that is queued or running.
    Optional<MoRef> underWay(MoRef vm, String description) {
        return properties.of(vm, "recentTask").get("recentTask") instanceof Collector.ArrayOfReferences recent
                ? recent.items.stream().map(ManagedObjectReference::toMoRef)
                        .filter(task -> isUnderWay(task, description))
                        .findFirst()
                : Optional.empty();
    }

    private boolean isUnderWay(MoRef task, String description) {
        try {
            return properties.of(task, "info").get("info") instanceof TaskInfo info
                    && Texts.orEmpty(info.descriptionId).startsWith(description)
                    && ("queued".equals(info.state) || "running".equals(info.state));
        } catch (VCenterFault e) {
            if (e.is(VCenterFault.MANAGED_OBJECT_NOT_FOUND)) {
                return false; // forgotten since the list was read
            }
            throw e;
        }
    }
}
