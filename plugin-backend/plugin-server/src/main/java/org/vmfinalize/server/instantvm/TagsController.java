package org.vmfinalize.server.instantvm;

import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.vmfinalize.server.problem.Problem;
import org.vmfinalize.server.problem.ProblemType;
import org.vmfinalize.server.problem.Refuses;
import org.vmfinalize.server.session.Caller;
import org.vmfinalize.server.vcenter.VmTags;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.Tag;
import org.vmfinalize.vcenter.VirtualMachine;

/// Which tags of vSphere's instant VMs have.
@RestController
@RequestMapping("/api/v1/instant-vms")
class TagsController {

    private final InstantVms instantVms;
    private final VmTags tags;

    TagsController(InstantVms instantVms, VmTags tags) {
        this.instantVms = instantVms;
        this.tags = tags;
    }

    /// Those of all instant VMs that the caller may see; vCenter is asked once.
    @GetMapping("/tags")
    @Refuses(ProblemType.FORBIDDEN)
    TagsOfVms all(@RequestAttribute(Caller.ATTRIBUTE) Caller caller) {
        var seen = caller.ask(vcenter -> vcenter.virtualMachines()).stream().map(VirtualMachine::ref)
                .filter(ref -> instantVms.find(ref.value()).isPresent()).toList();
        var found = tags.of(seen);
        return new TagsOfVms(seen.stream()
                .map(ref -> new VmAndTags(ref.value(), found.getOrDefault(ref, List.of()))).toList());
    }

    /// Those of one.
    @GetMapping("/{vmId}/tags")
    @Refuses({ProblemType.VM_NOT_FOUND, ProblemType.NOT_AN_INSTANT_VM, ProblemType.FORBIDDEN})
    TagsOfVm one(@RequestAttribute(Caller.ATTRIBUTE) Caller caller, @PathVariable String vmId) {
        var machine = caller.virtualMachine(vmId);
        if (instantVms.find(vmId).isEmpty()) {
            throw new Problem(ProblemType.NOT_AN_INSTANT_VM,
                    "VM %s: it does not run from a backup of this server".formatted(machine.name()));
        }
        MoRef ref = machine.ref();
        return new TagsOfVm(tags.of(List.of(ref)).getOrDefault(ref, List.of()));
    }

    /// @param items one for each VM
    record TagsOfVms(List<VmAndTags> items) {}

    /// @param vm its managed object id
    /// @param tags in the order of category and name
    record VmAndTags(String vm, List<Tag> tags) {}

    /// @param items in the order of category and name
    record TagsOfVm(List<Tag> items) {}
}
