package org.vmfinalize.server.discard;

import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.vmfinalize.server.idempotency.Idempotent;
import org.vmfinalize.server.problem.ProblemType;
import org.vmfinalize.server.problem.Refuses;
import org.vmfinalize.server.session.Caller;

/// Throws instant VMs away.
@RestController
@RequestMapping("/api/v1/instant-vms")
class DiscardController {

    private final Discards discards;

    DiscardController(Discards discards) {
        this.discards = discards;
    }

    /// Answers when nothing is left of the machine. May be repeated: it goes on with what was begun, and tells again what
    /// came of it.
    ///
    /// Options may come as parameters or, as with other calls, in the body.
    ///
    /// @param keepChanges a path, relative to the folder for changes, for what the guest changed
    @DeleteMapping("/{vmId}")
    @Idempotent
    @Refuses({ProblemType.VM_NOT_FOUND, ProblemType.NOT_AN_INSTANT_VM, ProblemType.ALREADY_FINALIZING,
            ProblemType.ALREADY_DISCARDING, ProblemType.INVALID_STATE, ProblemType.CHANGES_NOT_KEPT,
            ProblemType.BACKUP_DAMAGED, ProblemType.BACKUP_UNAVAILABLE, ProblemType.DATASTORE_FAILED,
            ProblemType.DATASTORE_IN_USE,
            ProblemType.DATASTORE_NOT_FOUND, ProblemType.FORBIDDEN})
    DiscardView discard(@RequestAttribute(Caller.ATTRIBUTE) Caller caller, @PathVariable String vmId,
            @RequestParam(required = false) @Nullable String keepChanges,
            @RequestBody(required = false) @Nullable Options options) {
        var inBody = options == null ? null : options.keepChanges();
        return DiscardView.of(discards.discard(caller, vmId, keepChanges == null ? inBody : keepChanges));
    }

    /// Says what would come of [#discard], and changes nothing.
    @PostMapping("/{vmId}/discard/plan")
    @Refuses({ProblemType.VM_NOT_FOUND, ProblemType.NOT_AN_INSTANT_VM, ProblemType.FORBIDDEN})
    DiscardPlan plan(@RequestAttribute(Caller.ATTRIBUTE) Caller caller, @PathVariable String vmId,
            @RequestBody(required = false) @Nullable Options options) {
        return discards.plan(caller, vmId, options == null ? null : options.keepChanges());
    }

    record Options(@Nullable String keepChanges) {}
}
