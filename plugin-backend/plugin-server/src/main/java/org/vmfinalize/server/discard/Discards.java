package org.vmfinalize.server.discard;

import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.vmfinalize.datastore.InstantDisks;
import org.vmfinalize.places.Credentials;
import org.vmfinalize.server.instantvm.GoneVms;
import org.vmfinalize.server.instantvm.InstantVm;
import org.vmfinalize.server.instantvm.InstantVms;
import org.vmfinalize.server.instantvm.VmRemoval;
import org.vmfinalize.server.plan.Objections;
import org.vmfinalize.server.plan.Plan;
import org.vmfinalize.server.plan.Privileges;
import org.vmfinalize.server.problem.Problem;
import org.vmfinalize.server.problem.ProblemType;
import org.vmfinalize.server.session.Caller;
import org.vmfinalize.server.session.Right;
import org.vmfinalize.server.vcenter.VmFinalizeKeys;
import org.vmfinalize.vcenter.VCenter;
import org.vmfinalize.vcenter.VCenterException;
import org.vmfinalize.vcenter.VirtualMachine;

/// Throws instant VMs away: powers the machine off, keeps what the guest changed if asked for, takes it out of vCenter,
/// deletes its changes and lets go of the backup.
///
/// That a machine is to be thrown away is written down first; each step may be repeated. So after a crash the next start,
/// or the user who asks again, goes on. Nothing is deleted before the changes that are to be kept are durable.
///
/// **Threads:** any number; of one machine one at a time.
@Component
public class Discards {

    private static final Logger LOG = LoggerFactory.getLogger(Discards.class);

    private static final long PAUSE_MILLIS = 10_000;

    private final DiscardStore store;
    private final InstantVms instantVms;
    private final GoneVms goneVms;
    private final VmRemoval removal;
    private final KeptChanges changes;
    private final Clock clock;
    private final Map<String, ReentrantLock> inWork = new ConcurrentHashMap<>();

    Discards(DiscardStore store, InstantVms instantVms, GoneVms goneVms, VmRemoval removal,
            KeptChanges changes, Clock clock) {
        this.goneVms = goneVms;
        this.store = store;
        this.instantVms = instantVms;
        this.removal = removal;
        this.changes = changes;
        this.clock = clock;
        store.unfinished().forEach(discard -> instantVms.setDiscarding(discard.vmId(), true));
    }

    /// Throws a machine away, or goes on with it.
    ///
    /// @return what came of it; of a machine that this caller has discarded before, what came of it then
    /// @throws Problem that says why it cannot be, or cannot be now; what was begun goes on by itself
    Discard discard(Caller caller, String vmId, @Nullable String keepChanges) {
        var before = store.ofVm(vmId).filter(discard -> discard.endedAt() != null
                && discard.initiator().equals(caller.userName()));
        if (before.isPresent()) {
            return before.get();
        }
        var vm = goneFor(caller, vmId).orElseGet(() -> inVCenter(caller, vmId));
        var discard = store.ofVm(vmId).orElseGet(() -> begin(caller, vm, vm.name(), keepChanges));
        refuseOtherPlace(discard, keepChanges);
        return carryOut(discard, vm);
    }

    /// A machine that somebody has taken out of vCenter's inventory. What there is of it can be given up by those who may run
    /// backups anywhere: nobody has a right on the machine itself any more.
    private Optional<InstantVm> goneFor(Caller caller, String vmId) {
        return goneVms.find(vmId).filter(_ -> caller.hasOnTop(VmFinalizeKeys.PRIVILEGE_RUN));
    }

    private InstantVm inVCenter(Caller caller, String vmId) {
        var machine = caller.virtualMachine(vmId);
        var vm = instantVm(machine);
        caller.require(right(machine, vm));
        return vm.named(machine.name());
    }

    /// What is to be thrown away.
    ///
    /// @param vm empty if it is none of ours
    private record Target(Optional<InstantVm> vm, String name, List<Right> rights,
            List<Plan.Remark> warnings) {}

    private Target target(Caller caller, String vmId, Objections objections) {
        var gone = goneFor(caller, vmId);
        if (gone.isPresent()) {
            var right = new Right(caller.ask(VCenter::rootFolder), "the top of the inventory",
                    List.of(VmFinalizeKeys.PRIVILEGE_RUN));
            return new Target(gone, gone.get().name(), List.of(right), List.of(GoneVms.remark(gone.get())));
        }
        var machine = caller.virtualMachine(vmId);
        var vm = objections.ask(() -> instantVm(machine));
        return new Target(vm, machine.name(), vm.map(one -> List.of(right(machine, one))).orElse(List.of()),
                List.of());
    }

    /// Says what would come of [#discard], and changes nothing.
    DiscardPlan plan(Caller caller, String vmId, @Nullable String keepChanges) {
        var objections = Objections.collected();
        var target = target(caller, vmId, objections);
        target.rights.forEach(right -> objections.check(() -> caller.require(right)));
        var disks = target.vm.flatMap(instantVms::disks);
        var kept = target.vm.flatMap(vm -> objections
                .ask(() -> Optional.ofNullable(keptName(vm, target.name, disks, keepChanges)))
                .flatMap(name -> name));
        objections.check(() -> refuseFinalized(vmId, target.name));
        return new DiscardPlan("discard", objections.all().isEmpty(), new Plan.Vm(vmId, target.name),
                disks.map(live -> new Plan.Backup(Credentials.hidden(live.backup().location()),
                        live.backup().format(), target.vm.map(InstantVm::takenAt).orElse(null))).orElse(null),
                disks.map(Discards::guestWritten).orElse(0L), kept.orElse(null),
                Privileges.of(caller, target.rights),
                objections.all().stream().map(Plan.Remark::of).toList(), target.warnings);
    }

    /// The name under which changes are to be kept; null: they are not.
    private @Nullable String keptName(InstantVm vm, String name, Optional<InstantDisks> disks,
            @Nullable String keepChanges) {
        if (keepChanges == null || keepChanges.isBlank()) {
            return null;
        }
        if (vm.changes() != null) {
            throw new Problem(ProblemType.CHANGES_NOT_KEPT,
                    "VM %s: its changes are on datastore '%s', which vCenter does not let this server read; discard it without keeping them"
                            .formatted(name, vm.changes().name()));
        }
        return changes.checked(keepChanges.strip(), disks.orElseThrow(() -> withoutChanges(vm, name)));
    }

    private InstantVm instantVm(VirtualMachine machine) {
        return instantVms.find(machine.ref().value()).orElseThrow(() -> new Problem(
                ProblemType.NOT_AN_INSTANT_VM,
                "VM %s: it does not run from a backup of this server, so it cannot be discarded; delete it in vCenter"
                        .formatted(machine.name())));
    }

    /// What he would need to take the machine away himself: its disks on other datastores than ours are deleted with it.
    private static Right right(VirtualMachine machine, InstantVm vm) {
        return new Right(machine.ref(), "VM " + machine.name(), List.of(VmFinalizeKeys.PRIVILEGE_RUN,
                "VirtualMachine.Interact.PowerOff", vm.changes() == null
                        ? "VirtualMachine.Inventory.Unregister"
                        : "VirtualMachine.Inventory.Delete"));
    }

    private void refuseFinalized(String vmId, String name) {
        if (instantVms.finalization(vmId).isPresent()) {
            throw new Problem(ProblemType.ALREADY_FINALIZING,
                    "VM %s: it is being finalized; cancel that first, or let it be completed"
                            .formatted(name));
        }
    }

    /// What was begun goes on as it was begun: who wants his changes elsewhere must not take them for kept there.
    private static void refuseOtherPlace(Discard begun, @Nullable String keepChanges) {
        var kept = begun.keepChanges();
        if (keepChanges != null && !keepChanges.isBlank()
                && (kept == null || !KeptChanges.withoutSuffix(keepChanges.strip()).equals(kept))) {
            throw new Problem(ProblemType.ALREADY_DISCARDING,
                    "VM %s: it is being discarded already, its changes being %s; withdraw that first: DELETE /api/v1/discards/%s"
                            .formatted(begun.vmName(), kept == null ? "thrown away" : "kept as " + kept,
                                    begun.id()));
        }
    }

    /// Withdraws a discard of which nothing has been deleted yet: the machine stays, powered off, and may be discarded anew,
    /// finalized or powered on. Of one that is not in vCenter's inventory the disks stay: it may be registered again, or
    /// discarded anew. Changes that were kept already stay where they are.
    ///
    /// @throws Problem INVALID_STATE if it is too late
    void withdraw(Caller caller, Discard asked) {
        var lock = inWork.computeIfAbsent(asked.id(), _ -> new ReentrantLock());
        lock.lock();
        try {
            var discard = store.find(asked.id()).orElse(asked);
            var vm = instantVms.find(discard.vmId()).filter(_ -> discard.endedAt() == null)
                    .filter(one -> removal.isThere(one) || isWhole(one))
                    .orElseThrow(() -> new Problem(ProblemType.INVALID_STATE,
                            "VM %s: it is gone already, so its discard cannot be withdrawn; run it from the backup again"
                                    .formatted(discard.vmName())));
            requireToWithdraw(caller, vm, "VM " + discard.vmName());
            store.delete(discard.id());
            instantVms.setDiscarding(discard.vmId(), false);
            inWork.remove(discard.id());
            LOG.info("VM {} ({}): is not thrown away any more, asked for by {}", discard.vmName(),
                    discard.vmId(), caller.userName());
        } finally {
            lock.unlock();
        }
    }

    /// Whether all its disks are still there. What it had on another datastore than ours went with it.
    private boolean isWhole(InstantVm vm) {
        return vm.changes() == null
                && (instantVms.disks(vm).isPresent() || instantVms.damage(vm).isPresent());
    }

    private void requireToWithdraw(Caller caller, InstantVm vm, String name) {
        if (removal.isThere(vm)) {
            caller.require(vm.ref(), name, List.of(VmFinalizeKeys.PRIVILEGE_RUN));
        } else {
            caller.requireOnTop(name, VmFinalizeKeys.PRIVILEGE_RUN);
        }
    }

    Optional<Discard> find(String id) {
        return store.find(id);
    }

    /// All that were, or are being, thrown away.
    List<Discard> all() {
        return store.all();
    }

    private Discard begin(Caller caller, InstantVm vm, String name, @Nullable String keepChanges) {
        var disks = instantVms.disks(vm);
        var target = keptName(vm, name, disks, keepChanges);
        var discard = new Discard(vm.id(), vm.vmId(), name, vm.datastore(), vm.folder(), target,
                disks.map(Discards::guestWritten).orElse(0L), List.of(), caller.userName(),
                clock.instant().truncatedTo(ChronoUnit.MILLIS), null);
        instantVms.setDiscarding(vm.vmId(), true);
        try {
            refuseFinalized(vm.vmId(), name);
        } catch (Problem e) {
            instantVms.setDiscarding(vm.vmId(), false);
            throw e;
        }
        if (store.insert(discard)) {
            LOG.info("VM {} ({}): is thrown away, asked for by {}{}", name, vm.vmId(), caller.userName(),
                    target == null ? "" : ", its changes are kept as " + target);
        }
        return store.ofVm(vm.vmId()).orElseThrow();
    }

    private Problem withoutChanges(InstantVm vm, String name) {
        return instantVms.damage(vm)
                .map(damage -> new Problem(ProblemType.INVALID_STATE,
                        "VM %s: its changes cannot be kept, since what is stored about its disks is damaged: %s"
                                .formatted(name, damage)))
                .orElseGet(() -> new Problem(ProblemType.NOT_AN_INSTANT_VM,
                        "VM %s: its disks are complete already, so there are no changes on top of a backup"
                                .formatted(name)));
    }

    private static long guestWritten(InstantDisks disks) {
        return disks.disks().stream().mapToLong(disk -> disk.counters().guestWrittenBytes()).sum();
    }

    /// Goes on with all that are not at their end. What cannot be done now is tried again later.
    @Scheduled(fixedDelay = PAUSE_MILLIS)
    public void goOn() {
        for (var discard : store.unfinished()) {
            try {
                instantVms.find(discard.vmId()).ifPresentOrElse(vm -> {
                    var _ = carryOut(discard, vm);
                }, () -> end(discard));
            } catch (VCenterException | Problem e) {
                LOG.warn("VM {}: it cannot be thrown away now; the server tries again: {}", discard.vmName(),
                        e.getMessage());
            }
        }
    }

    private Discard carryOut(Discard begun, InstantVm vm) {
        var lock = inWork.computeIfAbsent(begun.id(), _ -> new ReentrantLock());
        // Held while vCenter is asked and bytes are written: a second one would do the same again.
        lock.lock();
        try {
            var discard = store.find(begun.id()).orElseThrow(() -> new Problem(ProblemType.INVALID_STATE,
                    "VM %s: its discard was withdrawn meanwhile, so the machine stays"
                            .formatted(begun.vmName())));
            if (discard.endedAt() != null) {
                return discard;
            }
            removal.powerOff(vm);
            var kept = keep(discard, vm);
            removal.unregister(vm);
            removal.deleteFiles(vm, false);
            instantVms.forget(vm.vmId());
            return end(kept);
        } finally {
            lock.unlock();
        }
    }

    /// The guest has stopped, so the disks stay as they are.
    private Discard keep(Discard discard, InstantVm vm) {
        var disks = instantVms.disks(vm);
        if (disks.isEmpty()) {
            if (discard.keepChanges() != null && discard.keptFiles().isEmpty()) {
                throw withoutChanges(vm, discard.vmName()); // what was to be kept must not be deleted
            }
            return discard;
        }
        var now = new Discard(discard.id(), discard.vmId(), discard.vmName(), discard.datastore(),
                discard.folder(), discard.keepChanges(), guestWritten(disks.get()), discard.keptFiles(),
                discard.initiator(), discard.startedAt(), null);
        var target = now.keepChanges();
        if (target != null && now.keptFiles().isEmpty()) {
            now = now.kept(changes.write(target, disks.get()));
        }
        store.setKept(now);
        return now;
    }

    private Discard end(Discard discard) {
        var ended = discard.ended(clock.instant().truncatedTo(ChronoUnit.MILLIS));
        store.end(ended);
        instantVms.setDiscarding(discard.vmId(), false);
        inWork.remove(discard.id());
        LOG.info("{}", DiscardView.of(ended).message());
        return ended;
    }
}
