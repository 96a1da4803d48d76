package org.vmfinalize.server.instantvm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;
import org.vmfinalize.datastore.Datastore;
import org.vmfinalize.server.datastore.Datastores;
import org.vmfinalize.server.problem.Problem;
import org.vmfinalize.server.problem.ProblemType;
import org.vmfinalize.server.vcenter.ServiceAccount;
import org.vmfinalize.server.vcenter.VmFinalizeKeys;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.PowerState;
import org.vmfinalize.vcenter.VCenterFault;
import org.vmfinalize.vcenter.VirtualMachine;

/// Takes an instant VM out of vCenter and its files off the datastore. Only machines that vCenter shows as managed by us,
/// in the folder that we made for them, are touched.
///
/// Every step may be repeated, whatever is left to be done.
@Component
public class VmRemoval {

    private static final Logger LOG = LoggerFactory.getLogger(VmRemoval.class);

    /// What ESXi and vCenter write into a machine's folder.
    private static final Pattern MACHINE_FILE = Pattern.compile(
            ".*\\.(vmx|vmxf|vmx~|vmx\\.lck|nvram|vmsd|vmss|vmsn|vmem|vswp|log|hlog|scoreboard|lck)|vmware.*\\.log|\\.lck-.*",
            Pattern.CASE_INSENSITIVE);

    private final ServiceAccount vcenter;
    private final Datastores datastores;
    private final InstantVmSettings settings;
    private final ApplicationEventPublisher events;

    VmRemoval(ServiceAccount vcenter, Datastores datastores, InstantVmSettings settings,
            ApplicationEventPublisher events) {
        this.settings = settings;
        this.vcenter = vcenter;
        this.datastores = datastores;
        this.events = events;
    }

    /// The machine in vCenter, found by its id or, while that is not known, by its folder.
    Optional<MoRef> find(InstantVm vm) {
        if (!vm.vmId().isEmpty()) {
            return isThere(vm) ? Optional.of(vm.ref()) : Optional.empty();
        }
        return vcenter.ask(session -> session.virtualMachines()).stream()
                .filter(machine -> isAt(vm, machine)).filter(machine -> isOurs(vm, machine))
                .map(VirtualMachine::ref).findFirst();
    }

    /// On another datastore than ours vCenter has chosen the folder.
    private boolean isAt(InstantVm vm, VirtualMachine machine) {
        var path = machine.vmPathName();
        if (vm.changes() != null) {
            return path.startsWith("[" + vm.changes().name() + "]") && hasOurId(vm, machine);
        }
        var folder = "[" + vm.datastore() + "] " + vm.folder();
        return path.equals(folder) || path.startsWith(folder + "/");
    }

    /// Whether vCenter still has the machine.
    public boolean isThere(InstantVm vm) {
        return machine(vm.ref()).isPresent();
    }

    /// Whether that is the machine, which has got another id since somebody took it out of the inventory.
    public boolean isRegisteredAnew(InstantVm vm, VirtualMachine machine) {
        return !machine.ref().equals(vm.ref()) && isAt(vm, machine) && hasOurId(vm, machine);
    }

    private Optional<VirtualMachine> machine(MoRef ref) {
        try {
            return Optional.of(vcenter.ask(session -> session.virtualMachine(ref)));
        } catch (VCenterFault fault) {
            if (fault.is(VCenterFault.MANAGED_OBJECT_NOT_FOUND)) {
                return Optional.empty();
            }
            throw fault;
        }
    }

    /// Whether vCenter shows it as ours; where that is switched off, whether it has our own id in its settings.
    private boolean isOurs(InstantVm vm, VirtualMachine machine) {
        return machine.managedBy().equals(Optional.of(VmFinalizeKeys.INSTANT_VM))
                || (!settings.managedBy() && hasOurId(vm, machine));
    }

    private boolean hasOurId(InstantVm vm, VirtualMachine machine) {
        return vcenter.ask(session -> session.setting(machine.ref(), VmFinalizeKeys.CONFIG_ID))
                .equals(Optional.of(vm.id()));
    }

    /// Powers the machine off, if it is there.
    ///
    /// @throws Problem INVALID_STATE if it is not ours any more
    public void powerOff(InstantVm vm) {
        find(vm).flatMap(this::machine).ifPresent(machine -> {
            if (!isOurs(vm, machine)) {
                throw new Problem(ProblemType.INVALID_STATE,
                        "VM %s: vCenter does not show it as an instant VM any more, so it is left alone; unregister it by hand if it is not needed"
                                .formatted(machine.name()));
            }
            if (machine.powerState() != PowerState.POWERED_OFF) {
                powerOff(machine.ref());
            }
        });
    }

    private void powerOff(MoRef ref) {
        try {
            vcenter.ask(session -> {
                session.powerOff(ref);
                return ref;
            });
        } catch (VCenterFault fault) {
            // It went off by itself, or out of the inventory.
            if (!fault.is(VCenterFault.INVALID_POWER_STATE)
                    && !fault.is(VCenterFault.MANAGED_OBJECT_NOT_FOUND)) {
                throw fault;
            }
        }
    }

    /// Powers the machine off and takes it out of the inventory, if it is there. What it has on another datastore than ours is
    /// deleted with it.
    public void unregister(InstantVm vm) {
        powerOff(vm);
        find(vm).ifPresent(ref -> {
            try {
                vcenter.ask(session -> {
                    if (vm.changes() == null) {
                        session.unregister(ref);
                    } else {
                        session.destroy(ref);
                    }
                    return ref;
                });
            } catch (VCenterFault fault) {
                if (!fault.is(VCenterFault.MANAGED_OBJECT_NOT_FOUND)) {
                    throw fault;
                }
            }
        });
    }

    /// Deletes the live disks and what ESXi has written for the machine, and lets go of the backup. Files that are neither
    /// stay, with their folder.
    ///
    /// @param kept whether the machine has all its data elsewhere; else it is thrown away
    public void deleteFiles(InstantVm vm, boolean kept) {
        var datastore = datastores.require(vm.datastore());
        try {
            if (datastore.instantDisks(vm.folder()).isPresent()) {
                datastore.discard(vm.folder());
            }
            datastore.setParents(vm.folder(), false);
            events.publishEvent(new BackupReleased(vm, kept));
            deleteMachineFiles(datastore, vm);
        } catch (IOException e) {
            throw new Problem(ProblemType.DATASTORE_FAILED,
                    "datastore '%s': the files in %s cannot be deleted: %s; the server tries again"
                            .formatted(vm.datastore(), vm.folder(), e.getMessage()),
                    e);
        }
    }

    /// The folder of a machine whose changes are elsewhere has only the parents of its disks.
    private static boolean isMachineFile(InstantVm vm, String file) {
        return MACHINE_FILE.matcher(file).matches() || (vm.changes() != null && file.endsWith(".vmdk"));
    }

    private static void deleteMachineFiles(Datastore datastore, InstantVm vm) throws IOException {
        var folder = vm.folder();
        var home = datastore.directory().resolve(folder);
        if (!Files.isDirectory(home, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (var files = Files.newDirectoryStream(home)) {
            for (var file : files) {
                if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                        && isMachineFile(vm, String.valueOf(file.getFileName()))) {
                    Files.delete(file);
                }
            }
        }
        try (var left = Files.newDirectoryStream(home)) {
            if (left.iterator().hasNext()) {
                LOG.warn(
                        "[{}] {}: it has files that are not ours, so it stays; delete it if they are not needed",
                        datastore.name(), folder);
                return;
            }
        }
        try {
            Files.delete(home);
        } catch (NoSuchFileException e) {
            LOG.debug("the folder went with its disks", e);
        }
    }
}
