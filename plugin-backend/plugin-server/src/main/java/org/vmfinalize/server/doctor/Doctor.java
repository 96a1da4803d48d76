package org.vmfinalize.server.doctor;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.vmfinalize.server.datastore.Datastores;
import org.vmfinalize.server.datastore.HostMount;
import org.vmfinalize.server.datastore.HostMounts;
import org.vmfinalize.server.discard.Discards;
import org.vmfinalize.server.instantvm.HalfMade;
import org.vmfinalize.server.instantvm.InstantVm;
import org.vmfinalize.server.instantvm.InstantVms;
import org.vmfinalize.server.instantvm.VmRemoval;
import org.vmfinalize.server.problem.Problem;
import org.vmfinalize.server.problem.ProblemType;
import org.vmfinalize.server.vcenter.VmFinalizeKeys;
import org.vmfinalize.vcenter.Datastore;
import org.vmfinalize.vcenter.DatastorePath;
import org.vmfinalize.vcenter.VCenter;
import org.vmfinalize.vcenter.VCenterException;
import org.vmfinalize.vcenter.VCenterFault;
import org.vmfinalize.vcenter.VirtualMachine;

/// Compares what this server has written down of its effects in vCenter with what vCenter has, and takes away what is
/// left of ours. What others have made is reported at most.
///
/// **Threads:** any number; of repairs at the same time, each finds less to do.
@Component
class Doctor {

    private static final Logger LOG = LoggerFactory.getLogger(Doctor.class);

    private static final String MOUNT_PRIVILEGE = "Host.Config.Storage";

    private final InstantVms instantVms;
    private final HalfMade halfMade;
    private final Discards discards;
    private final HostMounts mounts;
    private final Datastores datastores;
    private final VmRemoval removal;

    Doctor(InstantVms instantVms, HalfMade halfMade, Discards discards, HostMounts mounts,
            Datastores datastores, VmRemoval removal) {
        this.removal = removal;
        this.instantVms = instantVms;
        this.halfMade = halfMade;
        this.discards = discards;
        this.mounts = mounts;
        this.datastores = datastores;
    }

    /// A finding, and what takes it away.
    private record Case(Finding finding, Runnable repair) {}

    /// Looks, and changes nothing.
    List<Finding> look(VCenter session) {
        return cases(session).stream().map(Case::finding).toList();
    }

    /// Takes away what is ours, machines before the datastores that they are on.
    List<Finding> repair(VCenter session) {
        var before = halfMade.waiting();
        halfMade.goOn();
        discards.goOn();
        var still = halfMade.waiting();
        var told = new ArrayList<Finding>();
        before.stream().filter(vm -> !still.contains(vm)).map(vm -> halfMade(vm).done()).forEach(told::add);
        for (var one : cases(session)) {
            told.add(repaired(one));
        }
        return told;
    }

    private static Finding repaired(Case one) {
        if (!one.finding.repairable()) {
            return one.finding;
        }
        try {
            one.repair.run();
            LOG.info("doctor: {} {}: repaired", one.finding.kind(), one.finding.subject());
            return one.finding.done();
        } catch (VCenterException | Problem e) {
            return one.finding.notDone(String.valueOf(e.getMessage()));
        }
    }

    private List<Case> cases(VCenter session) {
        var machines = session.virtualMachines();
        var stores = session.datastores();
        var cases = new ArrayList<Case>();
        halfMade.waiting().forEach(vm -> cases.add(new Case(halfMade(vm), () -> {
            throw new Problem(ProblemType.INVALID_STATE,
                    "VM %s: vCenter may still be about to make it; try again in some minutes"
                            .formatted(vm.name()));
        })));
        var shown = machines.stream().map(VirtualMachine::ref).collect(Collectors.toUnmodifiableSet());
        instantVms.all().stream().filter(vm -> !shown.contains(vm.ref())).filter(vm -> !removal.isThere(vm))
                .filter(vm -> instantVms.finalization(vm.vmId()).isEmpty())
                .map(vm -> missing(vm, machines)).forEach(cases::add);
        machines.stream().filter(this::isUnknown).forEach(machine -> cases.add(unknown(session, machine)));
        var used = usedStores(machines);
        mounts.ledger().forEach(mount -> mountCase(session, mount, stores, used).ifPresent(cases::add));
        cases.addAll(hostsWithout(session, stores));
        stores.stream().filter(store -> store.nfs().isPresent() && !store.accessible()
                && mounts.ledger().stream().noneMatch(mount -> mount.is(store)))
                .map(Doctor::inactive).forEach(cases::add);
        return cases;
    }

    /// Hosts to which DRS or HA may bring a machine of ours, where it would not find its disks.
    private List<Case> hostsWithout(VCenter session, List<Datastore> stores) {
        var used = datastores.all().stream()
                .filter(datastore -> !instantVms.foldersInUse(datastore.name()).isEmpty()).toList();
        if (used.isEmpty()) {
            return List.of();
        }
        var hosts = session.hosts();
        return used.stream().flatMap(datastore -> mounts.without(datastore, hosts, stores).stream()
                .map(host -> new Case(Finding.toLookAt("host-without-datastore",
                        datastore.name() + " on " + host.name(),
                        "machines of its cluster run from the datastore, and it does not reach it: %s; keep them off it until it does"
                                .formatted(host.reason())),
                        () -> {
                        })))
                .toList();
    }

    private static Finding halfMade(InstantVm vm) {
        return Finding.ours("half-made-vm", vm.name(),
                "its making or discarding was cut off; it is finished, or taken away");
    }

    /// Somebody took it out of the inventory, and may have registered it again, by which it has got another id.
    private Case missing(InstantVm vm, List<VirtualMachine> machines) {
        var again = machines.stream().filter(machine -> removal.isRegisteredAnew(vm, machine)).findFirst();
        if (again.isPresent()) {
            return new Case(Finding.ours("missing-vm", vm.name(),
                    "somebody took it out of vCenter's inventory and registered it again; it is taken for the same machine"),
                    () -> halfMade.takeUpAgain(vm, again.get()));
        }
        return new Case(Finding.toLookAt("missing-vm", vm.name(),
                "it is not in vCenter's inventory any more; its disks in [%s] %s still need the backup: register its .vmx file again and repair, so that it can be finalized; or discard %s, with its changes kept if they are needed"
                        .formatted(vm.datastore(), vm.folder(), vm.vmId())),
                () -> {
                });
    }

    /// Whether vCenter shows it as ours and we do not know it, nor are about to make it.
    private boolean isUnknown(VirtualMachine machine) {
        return machine.managedBy().filter(VmFinalizeKeys.INSTANT_VM::equals).isPresent()
                && instantVms.find(machine.ref().value()).isEmpty()
                && home(machine)
                        .filter(home -> instantVms.foldersInUse(home.datastore()).contains(home.path()))
                        .isEmpty();
    }

    /// The folder of its configuration file; empty while vCenter does not know it.
    private static Optional<DatastorePath> home(VirtualMachine machine) {
        return Optional.of(machine.vmPathName()).filter(path -> !path.isEmpty()).map(DatastorePath::parse)
                .map(file -> new DatastorePath(file.datastore(),
                        file.path().replaceFirst("/[^/]*\\.vmx$", "")));
    }

    private Case unknown(VCenter session, VirtualMachine machine) {
        if (isComplete(machine)) {
            return new Case(Finding.ours("unknown-vm", machine.name(),
                    "vCenter shows it as running from a backup, but its disks are complete; the mark is taken away"),
                    () -> session.clearManagedBy(machine.ref()));
        }
        return new Case(Finding.toLookAt("unknown-vm", machine.name(),
                "vCenter shows it as running from a backup, of which this server knows nothing; ask the server that made it, or unregister it"),
                () -> {
                });
    }

    /// Whether it lies on a datastore of ours, in a folder whose disks are all ordinary files.
    private boolean isComplete(VirtualMachine machine) {
        var home = home(machine).filter(folder -> !folder.path().isEmpty());
        return home.flatMap(folder -> datastores.find(folder.datastore()))
                .filter(datastore -> isComplete(datastore, home.orElseThrow().path())).isPresent();
    }

    private static boolean isComplete(org.vmfinalize.datastore.Datastore datastore, String folder) {
        return Files.isDirectory(datastore.directory().resolve(folder))
                && datastore.instantDisks(folder).isEmpty()
                && datastore.refused().stream()
                        .noneMatch(refused -> refused.vmFolder().filter(folder::equals).isPresent());
    }

    /// The datastores on which machines have their homes; empty if that is not known of one.
    private static Optional<Set<String>> usedStores(List<VirtualMachine> machines) {
        var used = new HashSet<String>();
        for (var machine : machines) {
            if (machine.vmPathName().isEmpty()) {
                return Optional.empty();
            }
            used.add(DatastorePath.parse(machine.vmPathName()).datastore());
        }
        return Optional.of(used);
    }

    private Optional<Case> mountCase(VCenter session, HostMount mount, List<Datastore> stores,
            Optional<Set<String>> used) {
        var subject = mount.datastore() + " on " + mount.host().value();
        var store = stores.stream().filter(mount::is).filter(known -> known.hosts().contains(mount.host()))
                .findFirst();
        if (store.isEmpty()) {
            return Optional.of(new Case(Finding.ours("forgotten-mount", subject,
                    "it was to be mounted, and the host does not have it; that is no longer kept in mind"),
                    () -> forget(session, mount)));
        }
        // vCenter itself refuses to unmount what a machine has a disk on.
        if (used.isEmpty() || used.get().contains(mount.datastore()) || isInUse(mount)) {
            return datastores.find(mount.datastore()).isPresent()
                    ? Optional.empty()
                    : Optional.of(unserved(subject));
        }
        return Optional.of(new Case(Finding.ours("unused-mount", subject,
                "no machine is on it; the host lets go of it"),
                () -> mounts.unmount(session, mount, store.get().ref())));
    }

    private static Case unserved(String subject) {
        return new Case(Finding.toLookAt("unserved-mount", subject,
                "machines are on it, and this server does not serve it any more; put it back into vmfinalize.datastores, or discard the machines"),
                () -> {
                });
    }

    /// Who may see neither host nor datastore must not make us forget that the one has the other.
    private void forget(VCenter session, HostMount mount) {
        try {
            if (!session.hasPrivileges(mount.host(), List.of(MOUNT_PRIVILEGE))) {
                throw new Problem(ProblemType.FORBIDDEN,
                        "host %s: %s lacks the privilege %s; have it granted in vCenter"
                                .formatted(mount.host().value(), session.user().userName(), MOUNT_PRIVILEGE));
            }
        } catch (VCenterFault fault) {
            // The host itself is gone.
            if (!fault.is(VCenterFault.MANAGED_OBJECT_NOT_FOUND)) {
                throw fault;
            }
        }
        mounts.forget(mount);
    }

    /// Whether a machine of ours is there, or is about to be.
    private boolean isInUse(HostMount mount) {
        return !instantVms.foldersInUse(mount.datastore()).isEmpty();
    }

    private static Case inactive(Datastore store) {
        var export = store.nfs().map(nfs -> nfs.remoteHost() + ":" + nfs.remotePath()).orElse("");
        return new Case(Finding.toLookAt("inactive-nfs", store.name(),
                "no host reaches %s; it is not ours; bring its server back, or unmount it in vCenter"
                        .formatted(export)),
                () -> {
                });
    }
}
