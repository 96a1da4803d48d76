package org.vmfinalize.server.instantvm;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.vmfinalize.server.problem.Problem;
import org.vmfinalize.server.problem.ProblemType;
import org.vmfinalize.server.problem.Refuses;
import org.vmfinalize.server.session.Caller;
import org.vmfinalize.server.vcenter.VmFinalizeKeys;

/// Names a second copy of the restore point that a machine runs from, while it runs.
@RestController
class SecondCopyController {

    private final InstantVms instantVms;
    private final BackupCheck backups;

    SecondCopyController(InstantVms instantVms, BackupCheck backups) {
        this.instantVms = instantVms;
        this.backups = backups;
    }

    /// @param location where it is, as for a backup
    record Location(@Nullable String location) {}

    /// Answers when the copy was found to be one. It replaces one that was named before.
    @PutMapping("/api/v1/instant-vms/{vmId}/second-copy")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Refuses({ProblemType.VM_NOT_FOUND, ProblemType.NOT_AN_INSTANT_VM, ProblemType.BACKUP_NOT_ALLOWED,
            ProblemType.BACKUP_NOT_FOUND, ProblemType.BACKUP_DAMAGED, ProblemType.BACKUP_MISMATCH,
            ProblemType.BACKUP_UNAVAILABLE, ProblemType.NOT_AN_IMAGE, ProblemType.DATASTORE_FAILED,
            ProblemType.FORBIDDEN})
    void name(@RequestAttribute(Caller.ATTRIBUTE) Caller caller, @PathVariable String vmId,
            @RequestBody Location copy) {
        var machine = caller.virtualMachine(vmId);
        caller.require(machine.ref(), "VM " + machine.name(), List.of(VmFinalizeKeys.PRIVILEGE_FINALIZE));
        var disks = instantVms.find(vmId).flatMap(instantVms::disks)
                .orElseThrow(() -> new Problem(ProblemType.NOT_AN_INSTANT_VM,
                        "VM %s: it does not run from a backup of this server".formatted(machine.name())));
        backups.nameSecondCopy(disks, copy.location());
    }
}
