package org.vmfinalize.server.instantvm;

import java.io.IOException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.vmfinalize.datastore.Datastore;
import org.vmfinalize.datastore.InstantDisks;
import org.vmfinalize.server.datastore.Datastores;
import org.vmfinalize.server.datastore.HostMounts;
import org.vmfinalize.server.problem.Problem;
import org.vmfinalize.server.problem.ProblemType;
import org.vmfinalize.server.session.Caller;
import org.vmfinalize.server.vcenter.ServiceAccount;
import org.vmfinalize.server.vcenter.VmFinalizeKeys;
import org.vmfinalize.server.vcenter.VmName;
import org.vmfinalize.vcenter.DatastorePath;
import org.vmfinalize.vcenter.Host;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.VCenterFault;
import org.vmfinalize.vcenter.VirtualMachineSpec;

/// Makes a virtual machine that runs from a backup: live disks, mount, machine, power. What fails half-way is undone.
@Component
class VmStart {

    private static final Logger LOG = LoggerFactory.getLogger(VmStart.class);

    private static final int SECTOR = 512;

    private final InstantVms instantVms;
    private final InstantVmStore store;
    private final Datastores datastores;
    private final HostMounts mounts;
    private final BackupCheck backups;
    private final ServiceAccount vcenter;
    private final Clock clock;

    VmStart(InstantVms instantVms, InstantVmStore store, Datastores datastores, HostMounts mounts,
            BackupCheck backups,
            ServiceAccount vcenter, Clock clock) {
        this.instantVms = instantVms;
        this.store = store;
        this.datastores = datastores;
        this.mounts = mounts;
        this.backups = backups;
        this.vcenter = vcenter;
        this.clock = clock;
    }

    /// @throws Problem that says why not; then nothing is left behind
    InstantVm start(Caller caller, VmStartRequest request) {
        var name = VmName.checked(request.name() == null ? "" : request.name());
        var datastore = datastores.require(request.datastore() == null ? "" : request.datastore());
        requirePrivilege(caller);
        var backup = backups.open(request.backup());

        var undo = new Undo();
        try {
            var folder = FreeFolder.find(datastore, name);
            var disks = backups.layDown(datastore, folder, backup.reference());
            undo.add("delete the disks in " + folder, () -> datastore.discard(folder));

            var vmRow = new InstantVm(UUID.randomUUID().toString(), "", name, datastore.name(), folder,
                    backup.takenAt().orElse(null), caller.userName(),
                    clock.instant().truncatedTo(ChronoUnit.MILLIS));
            store.insert(vmRow.id(), name, vmRow.datastore(), folder, vmRow.takenAt(), vmRow.createdBy(),
                    vmRow.createdAt());
            undo.add("forget the row", () -> store.delete(vmRow.id()));

            var mounted = mounts.mount(datastore);
            undo.add("unmount the datastore", () -> mounts.undo(mounted));

            var ref = create(spec(request, name, datastore, folder, disks));
            undo.add("unregister the VM", () -> unregister(ref));
            store.setVmId(vmRow.id(), ref.value());
            if (!Boolean.FALSE.equals(request.powerOn())) {
                powerOn(ref, undo);
            }
            var vm = vmRow.withVmId(ref.value());
            instantVms.add(vm);
            LOG.info("VM {} ({}): runs from {} on datastore {}, asked for by {}", name, vm.vmId(),
                    backup.reference().location(), datastore.name(), caller.userName());
            return vm;
        } catch (RuntimeException e) {
            undo.run(e);
            throw e;
        }
    }

    private void requirePrivilege(Caller caller) {
        var host = caller.ask(session -> session.hosts())
                .stream()
                .filter(Host::connected)
                .findFirst()
                .orElseThrow(() -> new Problem(ProblemType.FORBIDDEN,
                        "hosts: vCenter shows no connected host to %s; have the privilege %s granted on one"
                                .formatted(caller.userName(), VmFinalizeKeys.PRIVILEGE_RUN))
                        .with("privileges", List.of(VmFinalizeKeys.PRIVILEGE_RUN)));
        caller.require(host.ref(), "host " + host.name(), List.of(VmFinalizeKeys.PRIVILEGE_RUN));
    }

    private static VirtualMachineSpec spec(VmStartRequest request, String name, Datastore datastore,
            String folder,
            InstantDisks disks) {
        var existing = new ArrayList<VirtualMachineSpec.ExistingDisk>();
        for (var disk : disks.disks()) {
            existing.add(new VirtualMachineSpec.ExistingDisk(
                    new DatastorePath(datastore.name(), DiskFiles.descriptor(datastore, disk)),
                    (disk.size() + SECTOR - 1) / SECTOR * SECTOR));
        }
        try {
            return new VirtualMachineSpec(name,
                    request.guestId() == null ? "otherLinux64Guest" : request.guestId(),
                    request.cpus() == null ? 1 : request.cpus(),
                    request.memoryMiB() == null ? 1024 : request.memoryMiB(),
                    new DatastorePath(datastore.name(), folder), existing,
                    Optional.of(VmFinalizeKeys.INSTANT_VM),
                    Optional.empty());
        } catch (IllegalArgumentException e) {
            throw new Problem(ProblemType.BAD_REQUEST, e.getMessage(), e);
        }
    }

    private MoRef create(VirtualMachineSpec spec) {
        try {
            return vcenter.ask(session -> session.createVm(spec));
        } catch (VCenterFault fault) {
            throw VmName.refused(fault, spec.name());
        }
    }

    private void powerOn(MoRef vm, Undo undo) {
        undo.add("power the VM off", () -> powerOff(vm));
        vcenter.ask(session -> {
            session.powerOn(vm);
            return vm;
        });
    }

    private void powerOff(MoRef vm) {
        try {
            vcenter.ask(session -> {
                session.powerOff(vm);
                return vm;
            });
        } catch (VCenterFault fault) {
            // It never ran: that is why we are here.
            if (!fault.is(VCenterFault.INVALID_POWER_STATE)) {
                throw fault;
            }
        }
    }

    private void unregister(MoRef vm) {
        vcenter.ask(session -> {
            session.unregister(vm);
            return vm;
        });
    }

    /// What was done, to be undone from its end.
    private static final class Undo {

        private final List<Step> steps = new ArrayList<>();

        void add(String what, Action action) {
            steps.addFirst(new Step(what, action));
        }

        void run(RuntimeException cause) {
            for (var step : steps) {
                try {
                    step.action.run();
                } catch (IOException | RuntimeException e) {
                    LOG.error("could not {} after a failure; do it by hand: {}", step.what, e.getMessage());
                    cause.addSuppressed(e);
                }
            }
        }

        private record Step(String what, Action action) {}

        @FunctionalInterface
        private interface Action {
            void run() throws IOException;
        }
    }
}
