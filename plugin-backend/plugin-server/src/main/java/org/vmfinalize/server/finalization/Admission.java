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
                found.newName().orElse(null), found.disks(),
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
        var right = right(vm, newName.isPresent(), instantVm.map(InstantVm::changes).isPresent());
        objections.check(() -> caller.require(right));
        var disks = instantVm.flatMap(one -> disks(vm, one, objections));
        boolean moves = request.moveTo() != null;
        boolean fills = !Boolean.TRUE.equals(request.moveInstead());
        var room = disks.flatMap(live -> provisioning.flatMap(wanted -> objections
                .ask(() -> Room.of(datastores.require(instantVm.orElseThrow().datastore()), live.disks(),
                        moves ? Provisioning.THIN : wanted))));
        room.filter(_ -> fills).ifPresent(found -> objections.check(found::require));
        var elsewhere = instantVm.map(InstantVm::changes);
        elsewhere.ifPresent(changes -> objections.check(() -> refuseElsewhere(request, changes)));
        var live = disks.map(InstantDisks::disks)
                .or(() -> elsewhere.isPresent() ? Optional.of(List.of()) : Optional.empty());
        var target = live.flatMap(known -> provisioning.flatMap(wanted -> this.moves.look(caller, request, vm,
                instantVm.orElseThrow(), wanted, known, objections)));
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
        if (instantVm.changes() != null && instantVms.disks(instantVm).isEmpty()) {
            return Optional.empty(); // complete since an earlier try, and still to be made independent
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

    /// What vCenter makes of the disks there is its own affair.
    private static void refuseElsewhere(FinalizationRequest request, InstantVm.Changes changes) {
        if (Boolean.TRUE.equals(request.moveInstead())) {
            throw new Problem(ProblemType.BAD_REQUEST,
                    "moveInstead: the VM's changes are on datastore '%s' and its backup is not, so both have to be joined first; leave it out"
                            .formatted(changes.name()));
        }
        boolean thin = request.provisioning() == null
                || request.provisioning().equals(Provisioning.THIN.text());
        if (!thin && request.moveTo() == null) {
            throw new Problem(ProblemType.INVALID_PROVISIONING,
                    "provisioning '%s': the VM's disks stay on datastore '%s', where vCenter joins them thin; leave it out, or name another datastore in moveTo"
                            .formatted(request.provisioning(), changes.name()));
        }
    }

    private static Right right(VirtualMachine vm, boolean renames, boolean promotes) {
        var privileges = new ArrayList<>(List.of(VmFinalizeKeys.PRIVILEGE_FINALIZE));
        if (renames) {
            privileges.add(VmFinalizeKeys.PRIVILEGE_RENAME);
        }
        if (promotes) {
            privileges.add("VirtualMachine.Provisioning.PromoteDisks");
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
    record Admitted(InstantVm vm, String currentName, @Nullable String newName,
            Optional<InstantDisks> disks,
            Provisioning provisioning, PaceSettings pace, @Nullable Move move) {}
}
