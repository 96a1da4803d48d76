package org.vmfinalize.server.finalization;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.vmfinalize.datastore.InstantDisks;
import org.vmfinalize.finalization.Provisioning;
import org.vmfinalize.hydration.PaceSettings;
import org.vmfinalize.server.datastore.Datastores;
import org.vmfinalize.server.instantvm.InstantVm;
import org.vmfinalize.server.instantvm.InstantVms;
import org.vmfinalize.server.problem.Problem;
import org.vmfinalize.server.problem.ProblemType;
import org.vmfinalize.server.session.Caller;
import org.vmfinalize.server.vcenter.ServiceAccount;
import org.vmfinalize.server.vcenter.VmFinalizeKeys;
import org.vmfinalize.server.vcenter.VmName;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.VCenterFault;

/// Looks at everything that may speak against a finalization, before anything is changed.
///
/// First what the request itself says, then the machine, then the user's rights, then the bytes: whoever may not see a
/// machine learns nothing about it.
@Component
class Admission {

    private final InstantVms instantVms;
    private final Datastores datastores;
    private final ServiceAccount vcenter;

    Admission(InstantVms instantVms, Datastores datastores, ServiceAccount vcenter) {
        this.instantVms = instantVms;
        this.datastores = datastores;
        this.vcenter = vcenter;
    }

    Admitted admit(Caller caller, FinalizationRequest request) {
        var provisioning = provisioning(request.provisioning());
        var pace = request.pace();
        var wantedName = request.name() == null ? null : VmName.checked(request.name());

        var vm = caller.virtualMachine(request.vm());
        var newName = vm.name().equals(wantedName) ? null : wantedName;
        var instantVm = instantVms.find(vm.ref().value())
                .orElseThrow(() -> new Problem(ProblemType.NOT_AN_INSTANT_VM,
                        "VM %s: it does not run from a backup of this server; there is nothing to finalize"
                                .formatted(vm.name())));
        requirePrivileges(caller, vm.ref(), vm.name(), newName != null);
        if (instantVms.finalization(vm.ref().value()).isPresent()) {
            throw alreadyFinalizing(vm.name());
        }
        instantVms.damage(instantVm).ifPresent(reason -> {
            throw new Problem(ProblemType.INVALID_STATE,
                    "VM %s: its disks are not served since what is stored about them is damaged, so it cannot be finalized: %s"
                            .formatted(vm.name(), reason));
        });
        var disks = instantVms.disks(instantVm)
                .orElseThrow(() -> new Problem(ProblemType.NOT_AN_INSTANT_VM,
                        "VM %s: its disks are complete already; there is nothing to finalize"
                                .formatted(vm.name())));
        if (!disks.backupOpen()) {
            throw new Problem(ProblemType.BACKUP_UNAVAILABLE,
                    "backup %s: it cannot be read now, so VM %s cannot be finalized; bring it back and try again"
                            .formatted(disks.backup().location(), vm.name()));
        }
        Room.require(datastores.require(instantVm.datastore()), disks.disks(), provisioning);
        return new Admitted(instantVm, vm.name(), newName, disks, provisioning, pace);
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

    private static void requirePrivileges(Caller caller, MoRef vm, String vmName, boolean renames) {
        var privileges = new ArrayList<>(List.of(VmFinalizeKeys.PRIVILEGE_FINALIZE));
        if (renames) {
            privileges.add(VmFinalizeKeys.PRIVILEGE_RENAME);
        }
        caller.require(vm, "VM " + vmName, privileges);
    }

    private static Provisioning provisioning(@Nullable String word) {
        try {
            return word == null
                    ? Provisioning.THIN
                    : Provisioning.of(word.length() > 40 ? word.substring(0, 40) : word);
        } catch (IllegalArgumentException e) {
            throw new Problem(ProblemType.INVALID_PROVISIONING, e.getMessage(), e);
        }
    }

    /// Nothing speaks against it.
    ///
    /// @param currentName the machine's name now
    /// @param newName the name that it shall have, if it is another one
    record Admitted(InstantVm vm, String currentName, @Nullable String newName, InstantDisks disks,
            Provisioning provisioning, PaceSettings pace) {}
}
