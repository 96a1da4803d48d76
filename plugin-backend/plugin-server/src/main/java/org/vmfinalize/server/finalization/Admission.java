package org.vmfinalize.server.finalization;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.vmfinalize.datastore.InstantDisks;
import org.vmfinalize.finalization.Provisioning;
import org.vmfinalize.hydration.PaceSettings;
import org.vmfinalize.server.datastore.Datastores;
import org.vmfinalize.server.instantvm.InstantVm;
import org.vmfinalize.server.instantvm.InstantVms;
import org.vmfinalize.server.plan.Objections;
import org.vmfinalize.server.problem.Problem;
import org.vmfinalize.server.problem.ProblemType;
import org.vmfinalize.server.session.Caller;
import org.vmfinalize.server.session.Right;
import org.vmfinalize.server.vcenter.ServiceAccount;
import org.vmfinalize.server.vcenter.VmFinalizeKeys;
import org.vmfinalize.server.vcenter.VmName;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.VCenterFault;
import org.vmfinalize.vcenter.VirtualMachine;

/// Looks at everything that may speak against a finalization, before anything is changed.
///
/// First what the request itself says, then the machine, then the user's rights, then the bytes: whoever may not see a
/// machine learns nothing about it.
@Component
class Admission {

    private final InstantVms instantVms;
    private final Datastores datastores;
    private final ServiceAccount vcenter;
    private final MoveAdmission moves;

    Admission(InstantVms instantVms, Datastores datastores, ServiceAccount vcenter, MoveAdmission moves) {
        this.moves = moves;
        this.instantVms = instantVms;
        this.datastores = datastores;
        this.vcenter = vcenter;
    }

    /// @throws Problem that says what speaks against it
    Admitted admit(Caller caller, FinalizationRequest request) {
        var found = look(caller, request, Objections.thrown());
        return new Admitted(found.instantVm().orElseThrow(), found.vm().name(),
                found.newName().orElse(null), found.disks().orElseThrow(),
                found.provisioning().orElseThrow(), found.pace().orElseThrow(),
                found.target().map(MoveAdmission.Target::move).orElse(null));
    }

    /// Looks at everything.
    Found look(Caller caller, FinalizationRequest request, Objections objections) {
        objections.check(() -> MoveAdmission.checkForm(request));
        var provisioning = objections.ask(() -> provisioning(request.provisioning()));
        var pace = objections.ask(request::pace);
        var wantedName = Optional.ofNullable(request.name())
                .flatMap(name -> objections.ask(() -> VmName.checked(name)));

        var vm = caller.virtualMachine(request.vm());
        var newName = wantedName.filter(name -> !name.equals(vm.name()));
        var instantVm = objections.ask(() -> instantVms.find(vm.ref().value())
                .orElseThrow(() -> new Problem(ProblemType.NOT_AN_INSTANT_VM,
                        "VM %s: it does not run from a backup of this server; there is nothing to finalize"
                                .formatted(vm.name()))));
        var right = right(vm, newName.isPresent());
        objections.check(() -> caller.require(right));
        var disks = instantVm.flatMap(one -> disks(vm, one, objections));
        boolean moves = request.moveTo() != null;
        boolean fills = !Boolean.TRUE.equals(request.moveInstead());
        var room = disks.flatMap(live -> provisioning.flatMap(wanted -> objections
                .ask(() -> Room.of(datastores.require(instantVm.orElseThrow().datastore()), live.disks(),
                        moves ? Provisioning.THIN : wanted))));
        room.filter(_ -> fills).ifPresent(found -> objections.check(found::require));
        var target = disks.flatMap(live -> provisioning.flatMap(wanted -> this.moves.look(caller, request, vm,
                instantVm.orElseThrow(), wanted, live.disks(), objections)));
        return new Found(vm, newName, instantVm, rights(right, target), disks, provisioning, pace, room,
                target);
    }

    private Optional<InstantDisks> disks(VirtualMachine vm, InstantVm instantVm, Objections objections) {
        objections.check(() -> {
            if (instantVms.finalization(instantVm.vmId()).isPresent()) {
                throw alreadyFinalizing(vm.name());
            }
        });
        var damage = instantVms.damage(instantVm);
        if (damage.isPresent()) {
            objections.check(() -> {
                throw new Problem(ProblemType.INVALID_STATE,
                        "VM %s: its disks are not served since what is stored about them is damaged, so it cannot be finalized: %s"
                                .formatted(vm.name(), damage.get()));
            });
            return Optional.empty();
        }
        var disks = objections.ask(() -> instantVms.disks(instantVm)
                .orElseThrow(() -> new Problem(ProblemType.NOT_AN_INSTANT_VM,
                        "VM %s: its disks are complete already; there is nothing to finalize"
                                .formatted(vm.name()))));
        disks.filter(live -> !live.backupOpen()).ifPresent(live -> objections.check(() -> {
            throw new Problem(ProblemType.BACKUP_UNAVAILABLE,
                    "backup %s: it cannot be read now, so VM %s cannot be finalized; bring it back and try again"
                            .formatted(live.backup().location(), vm.name()));
        }));
        return disks;
    }

    /// Renames the machine as the service account, after the user's own right to do so was looked at.
    void rename(MoRef vm, String name) {
        try {
            vcenter.ask(session -> {
                session.rename(vm, name);
                return vm;
            });
        } catch (VCenterFault fault) {
            throw VmName.refused(fault, name);
        }
    }

    static Problem alreadyFinalizing(String vmName) {
        return new Problem(ProblemType.ALREADY_FINALIZING,
                "VM %s: it is being finalized already; wait for that, or cancel it first".formatted(vmName));
    }

    /// @throws Problem ALREADY_DISCARDING
    static void refuseDiscarded(InstantVms instantVms, Job job) {
        if (instantVms.isDiscarding(job.vmId())) {
            throw new Problem(ProblemType.ALREADY_DISCARDING,
                    "VM %s: it is being thrown away, so it cannot be finalized".formatted(job.vmName()));
        }
    }

    private static Right right(VirtualMachine vm, boolean renames) {
        var privileges = new ArrayList<>(List.of(VmFinalizeKeys.PRIVILEGE_FINALIZE));
        if (renames) {
            privileges.add(VmFinalizeKeys.PRIVILEGE_RENAME);
        }
        return new Right(vm.ref(), "VM " + vm.name(), privileges);
    }

    private static List<Right> rights(Right right, Optional<MoveAdmission.Target> target) {
        var all = new ArrayList<>(List.of(right));
        target.ifPresent(found -> all.addAll(found.rights()));
        return all;
    }

    /// @throws Problem INVALID_PROVISIONING
    static Provisioning provisioning(@Nullable String word) {
        try {
            return word == null
                    ? Provisioning.THIN
                    : Provisioning.of(word.length() > 40 ? word.substring(0, 40) : word);
        } catch (IllegalArgumentException e) {
            throw new Problem(ProblemType.INVALID_PROVISIONING, e.getMessage(), e);
        }
    }

    /// What was found; a part is empty if it was refused, or could not be looked at for want of another one.
    ///
    /// @param newName the name that it shall have, if it is another one
    /// @param rights what the caller needs
    /// @param target where the machine is moved to, if it is
    record Found(VirtualMachine vm, Optional<String> newName, Optional<InstantVm> instantVm,
            List<Right> rights, Optional<InstantDisks> disks, Optional<Provisioning> provisioning,
            Optional<PaceSettings> pace, Optional<Room> room, Optional<MoveAdmission.Target> target) {}

    /// Nothing speaks against it.
    ///
    /// @param currentName the machine's name now
    /// @param newName the name that it shall have, if it is another one
    record Admitted(InstantVm vm, String currentName, @Nullable String newName, InstantDisks disks,
            Provisioning provisioning, PaceSettings pace, @Nullable Move move) {}
}
