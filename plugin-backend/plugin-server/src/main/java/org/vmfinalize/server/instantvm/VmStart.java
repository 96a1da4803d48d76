package org.vmfinalize.server.instantvm;

import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;
import org.vmfinalize.backup.Hardware;
import org.vmfinalize.datastore.Datastore;
import org.vmfinalize.datastore.InstantDisks;
import org.vmfinalize.server.datastore.HostMounts;
import org.vmfinalize.server.instantvm.InstantVm.Step;
import org.vmfinalize.server.plan.Objections;
import org.vmfinalize.server.problem.Problem;
import org.vmfinalize.server.problem.ProblemType;
import org.vmfinalize.server.session.Caller;
import org.vmfinalize.server.vcenter.ServiceAccount;
import org.vmfinalize.server.vcenter.VmFinalizeKeys;
import org.vmfinalize.server.vcenter.VmName;
import org.vmfinalize.vcenter.DatastorePath;
import org.vmfinalize.vcenter.Host;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.VCenterException;
import org.vmfinalize.vcenter.VCenterFault;
import org.vmfinalize.vcenter.VCenterUnavailableException;
import org.vmfinalize.vcenter.VirtualHardware;
import org.vmfinalize.vcenter.VirtualMachineSpec;

/// Makes a virtual machine that runs from a backup: live disks, mount, machine, power.
///
/// Each step is written down before it is taken, so that [HalfMade] finishes or undoes what a crash has cut off. What
/// fails half-way is undone at once.
@Component
class VmStart {

    private static final Logger LOG = LoggerFactory.getLogger(VmStart.class);

    private static final int SECTOR = 512;

    private final InstantVms instantVms;
    private final InstantVmStore store;
    private final RunAdmission admission;
    private final HostMounts mounts;
    private final BackupCheck backups;
    private final ServiceAccount vcenter;
    private final HalfMade halfMade;
    private final InstantVmSettings settings;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    VmStart(InstantVms instantVms, InstantVmStore store, RunAdmission admission, HostMounts mounts,
            BackupCheck backups, ServiceAccount vcenter, HalfMade halfMade,
            InstantVmSettings settings, ApplicationEventPublisher events, Clock clock) {
        this.settings = settings;
        this.instantVms = instantVms;
        this.store = store;
        this.admission = admission;
        this.mounts = mounts;
        this.backups = backups;
        this.vcenter = vcenter;
        this.halfMade = halfMade;
        this.events = events;
        this.clock = clock;
    }

    /// @param warnings what people should know of it
    record Started(InstantVm vm, List<String> warnings, StepTimes times) {}

    /// @throws Problem that says why not; then nothing is left behind
    Started start(Caller caller, VmStartRequest request) {
        var times = new StepTimes();
        var found = admission.look(caller, request, Objections.thrown(), times::done);
        var warnings = new ArrayList<>(found.cardWarnings());
        var datastore = found.datastore().orElseThrow();
        var backup = found.backup().orElseThrow();

        var id = UUID.randomUUID().toString();
        try (var _ = halfMade.inHand(id)) {
            var vm = newRow(id, caller, request, found, datastore, backup);
            return start(caller, vm, request, datastore, backup, found.cards().orElseThrow(),
                    found.destination().orElseThrow(), warnings, times);
        }
    }

    private Started start(Caller caller, InstantVm vm, VmStartRequest request, Datastore datastore,
            BackupCheck.Checked backup, List<VirtualHardware.NetworkCard> cards, Destination destination,
            List<String> warnings, StepTimes times) {
        var done = new Done(vm);
        try {
            var disks = backups.layDown(datastore, vm.folder(), backup.reference());
            datastore.setParents(vm.folder(), vm.changes() != null);
            if (request.secondCopy() != null) {
                backups.nameSecondCopy(disks, request.secondCopy());
            }
            times.done("disks");
            var plan = new Plan(request, backup.hardware(), cards, disks, backup.diskNames());
            make(caller, done, plan, destination, datastore, warnings, times);
            var made = done.vm;
            instantVms.add(made);
            events.publishEvent(new BackupHeld(made));
            LOG.info("VM {} ({}): runs from {} on datastore {}, asked for by {}; {}", vm.name(), made.vmId(),
                    backup.reference().location(), datastore.name(), caller.userName(), times);
            return new Started(made, List.copyOf(warnings), times);
        } catch (MayBeMadeException e) {
            throw e.problem;
        } catch (RuntimeException e) {
            undo(done, e);
            throw e;
        }
    }

    /// What is there up to now.
    private static final class Done {

        private InstantVm vm;
        private Optional<HostMounts.Mounted> mounted = Optional.empty();

        private Done(InstantVm vm) {
            this.vm = vm;
        }
    }

    /// What the machine consists of.
    ///
    /// @param backupDisks the names of `disks` in the backup
    private record Plan(VmStartRequest request, Optional<Hardware> original,
            List<VirtualHardware.NetworkCard> cards, InstantDisks disks, List<String> backupDisks) {}

    private InstantVm newRow(String id, Caller caller, VmStartRequest request, RunAdmission.Found found,
            Datastore datastore, BackupCheck.Checked backup) {
        var name = found.name().orElseThrow();
        var changes = found.changes().map(store -> new InstantVm.Changes(store.ref().value(), store.name()))
                .orElse(null);
        while (true) {
            var vm = new InstantVm(id, "", name, datastore.name(),
                    FreeFolder.find(datastore, instantVms.foldersInUse(datastore.name()), name),
                    backup.reference().location(), backup.takenAt().orElse(null), caller.userName(),
                    clock.instant().truncatedTo(ChronoUnit.MILLIS), Step.LAYING_DISKS, request.powersOn(),
                    changes);
            if (store.insert(vm)) {
                return vm;
            }
        }
    }

    private void make(Caller caller, Done done, Plan plan, Destination destination, Datastore datastore,
            List<String> warnings, StepTimes times) {
        var vm = done.vm;
        var mounted = mounts.mount(datastore, destination.neighbours());
        done.mounted = Optional.of(mounted);
        var host = destination.hosts().stream().filter(one -> mounted.has(one.ref())).findFirst()
                .orElseThrow(() -> notReachable(datastore, destination.hosts().getFirst(), mounted));
        times.done("mount");
        var spec = spec(vm, plan, datastore,
                new VirtualMachineSpec.Placement(destination.folder(), destination.pool(), host.ref()));
        plan.original.map(Hardware::remarks).ifPresent(warnings::addAll);
        Clashes.warnings(new Clashes(caller).of(spec.hardware(),
                plan.original.map(Hardware::name).orElse(vm.name())))
                .forEach(warning -> warnings.add(warning.detail()));
        store.setStep(vm.id(), Step.CREATING_VM);
        var ref = create(spec);
        times.done("create");
        store.setVmId(vm.id(), ref.value(), Step.STARTING);
        done.vm = vm.withVmId(ref.value()).at(Step.STARTING);
        done.vm = halfMade.start(done.vm);
        times.done("power-on");
    }

    private VirtualMachineSpec spec(InstantVm vm, Plan plan, Datastore datastore,
            VirtualMachineSpec.Placement placement) {
        var changes = Optional.ofNullable(vm.changes()).map(InstantVm.Changes::name);
        var existing = new ArrayList<MachineHardware.Disk>();
        for (int i = 0; i < plan.disks.disks().size(); i++) {
            var disk = plan.disks.disks().get(i);
            existing.add(new MachineHardware.Disk(plan.backupDisks.get(i),
                    new DatastorePath(datastore.name(), DiskFiles.descriptor(datastore, disk)),
                    Math.ceilDiv(disk.size(), (long) SECTOR) * SECTOR, changes));
        }
        try {
            return new VirtualMachineSpec(vm.name(),
                    MachineHardware.of(plan.request, plan.original, existing, plan.cards),
                    changes.map(name -> new DatastorePath(name, ""))
                            .orElseGet(() -> new DatastorePath(datastore.name(), vm.folder())),
                    settings.managedBy() ? Optional.of(VmFinalizeKeys.INSTANT_VM) : Optional.empty(),
                    Map.of(VmFinalizeKeys.CONFIG_ID, vm.id()),
                    placement);
        } catch (IllegalArgumentException e) {
            throw new Problem(ProblemType.BAD_REQUEST, e.getMessage(), e);
        }
    }

    private MoRef create(VirtualMachineSpec spec) {
        try {
            return vcenter.ask(session -> session.createVm(spec));
        } catch (VCenterFault fault) {
            throw VmName.refused(fault, spec.name());
        } catch (VCenterUnavailableException e) {
            if (!e.mayHaveTakenEffect()) {
                throw e;
            }
            throw new MayBeMadeException(new Problem(ProblemType.VCENTER_UNAVAILABLE,
                    "VM %s: vCenter was asked to create it and went away before it answered; the server finds out by itself whether it is there: look at the instant VMs again in some minutes, it is either in the list or nothing of it is left"
                            .formatted(spec.name()),
                    e));
        }
    }

    /// vCenter may have made the machine, or may yet make it: nothing may be undone now.
    private static final class MayBeMadeException extends RuntimeException {

        private final transient Problem problem;

        MayBeMadeException(Problem problem) {
            super(problem);
            this.problem = problem;
        }
    }

    private static Problem notReachable(Datastore datastore, Host host, HostMounts.Mounted mounted) {
        var refusal = mounted.refusals().get(host.ref());
        return new Problem(ProblemType.DATASTORE_NOT_REACHABLE,
                "datastore '%s': host '%s' does not mount it: %s; see that the host reaches the server's NFS ports, or choose another host"
                        .formatted(datastore.name(), host.name(),
                                refusal == null ? "vCenter gives no reason" : refusal.reason()),
                refusal == null ? null : refusal.fault());
    }

    /// The machine first: a datastore cannot be unmounted as long as one uses it.
    private void undo(Done done, RuntimeException cause) {
        try {
            halfMade.abandon(done.vm);
            done.mounted.ifPresent(mounts::undo);
        } catch (VCenterException | Problem e) {
            LOG.warn("VM {}: what was made of it cannot be taken away now; the server goes on trying: {}",
                    done.vm.name(), e.getMessage());
            cause.addSuppressed(e);
        }
    }

    /// How long each step took, for the log and for clients.
    static final class StepTimes {

        private final StringBuilder header = new StringBuilder();
        private long last = System.nanoTime();
        private final long began = last;

        void done(String step) {
            long now = System.nanoTime();
            header.append(header.isEmpty() ? "" : ", ").append(step).append(";dur=")
                    .append((now - last) / 1_000_000);
            last = now;
        }

        /// In the form of the header Server-Timing (W3C), milliseconds.
        String header() {
            return header + ", total;dur=" + (last - began) / 1_000_000;
        }

        @Override
        public String toString() {
            return header().replace(";dur=", " ") + " ms";
        }
    }
}
