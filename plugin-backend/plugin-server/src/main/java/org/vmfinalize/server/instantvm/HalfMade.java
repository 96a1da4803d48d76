package org.vmfinalize.server.instantvm;

import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.vmfinalize.server.datastore.Datastores;
import org.vmfinalize.server.instantvm.InstantVm.Step;
import org.vmfinalize.server.problem.Problem;
import org.vmfinalize.server.vcenter.ServiceAccount;
import org.vmfinalize.server.vcenter.VmFinalizeKeys;
import org.vmfinalize.server.vcenter.VmNotes;
import org.vmfinalize.vcenter.VCenterException;
import org.vmfinalize.vcenter.VCenterFault;
import org.vmfinalize.vcenter.VirtualMachine;

/// Brings instant VMs to their end that a crash, or a vCenter that went away, has left half-made: they are finished if
/// their machine is there, and taken away if not.
///
/// **Threads:** any number; [#goOn()] runs once at a time.
@Component
public class HalfMade {

    private static final Logger LOG = LoggerFactory.getLogger(HalfMade.class);

    private static final long PAUSE_MILLIS = 10_000;

    private final InstantVms instantVms;
    private final InstantVmStore store;
    private final Datastores datastores;
    private final ServiceAccount vcenter;
    private final VmNotes notes;
    private final VmRemoval removal;
    private final InstantVmSettings settings;
    private final Clock clock;
    private final Set<String> inHand = ConcurrentHashMap.newKeySet();

    HalfMade(InstantVms instantVms, InstantVmStore store, Datastores datastores, ServiceAccount vcenter,
            VmNotes notes, VmRemoval removal, InstantVmSettings settings, Clock clock) {
        this.instantVms = instantVms;
        this.store = store;
        this.datastores = datastores;
        this.vcenter = vcenter;
        this.notes = notes;
        this.removal = removal;
        this.settings = settings;
        this.clock = clock;
    }

    /// Somebody is making a machine, so that it is not half-made but in the making.
    interface InHand extends AutoCloseable {
        @Override
        void close();
    }

    InHand inHand(String id) {
        inHand.add(id);
        return () -> inHand.remove(id);
    }

    /// Those that are half-made, and that nobody has in hand.
    public List<InstantVm> waiting() {
        return store.halfMade().stream().filter(vm -> !inHand.contains(vm.id())).toList();
    }

    /// Goes on with all that are half-made and that nobody has in hand. What cannot be done now is tried again later.
    @Scheduled(fixedDelay = PAUSE_MILLIS)
    public synchronized void goOn() {
        for (var vm : store.halfMade()) {
            if (!inHand.contains(vm.id())) {
                try {
                    goOn(vm);
                } catch (VCenterException | Problem e) {
                    LOG.warn("VM {} in [{}] {}: it is half-made, and that cannot be mended now: {}",
                            vm.name(), vm.datastore(), vm.folder(), e.getMessage());
                }
            }
        }
    }

    private void goOn(InstantVm vm) {
        switch (vm.step()) {
            case LAYING_DISKS -> abandon(vm);
            case CREATING_VM -> adoptOrAbandon(vm);
            case STARTING -> adopt(vm);
            case ABANDONED -> takeAway(vm);
            case RUNNING -> {
            }
        }
    }

    /// Takes a machine for ours again that somebody has taken out of the inventory and registered anew.
    public void takeUpAgain(InstantVm vm, VirtualMachine machine) {
        if (settings.managedBy() && machine.managedBy().isEmpty()) {
            vcenter.ask(session -> {
                session.setManagedBy(machine.ref(), VmFinalizeKeys.INSTANT_VM);
                return machine;
            });
        }
        instantVms.registeredAnew(vm, machine.ref().value());
        LOG.info("VM {} ({}): it was registered anew and has the id {} now", vm.name(), vm.vmId(),
                machine.ref().value());
    }

    private void adoptOrAbandon(InstantVm vm) {
        var ref = removal.find(vm);
        if (ref.isPresent()) {
            store.setVmId(vm.id(), ref.get().value(), Step.STARTING);
            adopt(vm.withVmId(ref.get().value()).at(Step.STARTING));
        } else if (vm.createdAt().plus(settings.createGrace()).isBefore(clock.instant())) {
            abandon(vm);
        }
        // Else vCenter may be about to make it.
    }

    private void adopt(InstantVm vm) {
        boolean hasDisks = datastores.find(vm.datastore())
                .flatMap(datastore -> datastore.instantDisks(vm.folder())).isPresent();
        if (!hasDisks || !removal.isThere(vm)) {
            abandon(vm);
            return;
        }
        instantVms.add(start(vm));
        LOG.info("VM {} ({}): its making was cut off and is finished now", vm.name(), vm.vmId());
    }

    /// Powers the machine on, if that was asked for, after which nothing is left to be done.
    InstantVm start(InstantVm vm) {
        if (vm.powerOn()) {
            try {
                vcenter.ask(session -> {
                    session.powerOn(vm.ref());
                    return vm;
                });
            } catch (VCenterFault fault) {
                // It runs already: the server was stopped before it had noted that.
                if (!fault.is(VCenterFault.INVALID_POWER_STATE)) {
                    throw fault;
                }
            }
        }
        notes.runsFrom(vm.ref(), vm.backup(), vm.takenAt());
        store.setStep(vm.id(), Step.RUNNING);
        return vm.at(Step.RUNNING);
    }

    /// Takes away what was made. If that fails it is tried again later.
    void abandon(InstantVm vm) {
        store.setStep(vm.id(), Step.ABANDONED);
        takeAway(vm);
    }

    private void takeAway(InstantVm vm) {
        removal.unregister(vm);
        removal.deleteFiles(vm, false);
        store.delete(vm.id());
        LOG.info("VM {} in [{}] {}: nothing of it is left", vm.name(), vm.datastore(), vm.folder());
    }
}
