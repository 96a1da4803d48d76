package org.vmfinalize.server.plugin;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.vmfinalize.server.finalization.Finalizations;
import org.vmfinalize.server.instantvm.InstantVms;
import org.vmfinalize.server.session.Caller;

/// Tells the vSphere Client which of our menu items and views a machine has. The user waits for it with the menu open,
/// so vCenter is not asked; whether he may do what the item offers is looked at when he does it.
@RestController
class DynamicItemsController {

    private static final int MAX_OBJECTS = 1000;

    private final InstantVms instantVms;
    private final Finalizations finalizations;

    DynamicItemsController(InstantVms instantVms, Finalizations finalizations) {
        this.instantVms = instantVms;
        this.finalizations = finalizations;
    }

    /// Finalize is there for a machine that runs from a backup, and greyed while it is being finalized.
    @PostMapping("/dynamic/vm/actions")
    Answer actions(@RequestAttribute(Caller.ATTRIBUTE) Caller caller, @RequestBody Question question) {
        var vms = question.vms();
        boolean relevant = !vms.isEmpty() && vms.stream().allMatch(vm -> instantVms.find(vm).isPresent());
        boolean visible = relevant && vms.stream().allMatch(vm -> instantVms.finalization(vm).isEmpty());
        return new Answer("1.0.0", List.of(new Item("finalizeAction", visible, relevant)));
    }

    /// The Finalization view is there for a machine that runs from a backup or was finalized.
    @PostMapping("/dynamic/vm/monitor")
    Answer monitor(@RequestAttribute(Caller.ATTRIBUTE) Caller caller, @RequestBody Question question) {
        var vms = question.vms();
        boolean visible = !vms.isEmpty() && vms.stream()
                .allMatch(vm -> instantVms.find(vm).isPresent() || finalizations.existsFor(vm));
        return new Answer("1.0.0", List.of(new Item("finalizeMonitor", visible, visible)));
    }

    /// The machine in `urn:vmomi:VirtualMachine:vm-58:GUID`; nothing that we know in any other text.
    private static String vmId(@Nullable String urn) {
        var parts = urn == null ? new String[0] : urn.split(":", 6);
        return parts.length == 5 && parts[2].equals("VirtualMachine") ? parts[3] : "";
    }

    /// The client may say more than we know.
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Question(@Nullable List<@Nullable String> objectIds) {

        List<String> vms() {
            var ids = objectIds == null ? List.<@Nullable String>of() : objectIds;
            return ids.stream().limit(MAX_OBJECTS).map(DynamicItemsController::vmId).toList();
        }
    }

    record Answer(String apiVersion, List<Item> dynamicItems) {}

    /// @param relevant whether the item is in the menu at all, from vSphere 8.0 U3 on
    record Item(String id, boolean visible, boolean relevant) {}
}
