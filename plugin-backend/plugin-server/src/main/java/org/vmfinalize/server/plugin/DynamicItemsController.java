package org.vmfinalize.server.plugin;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.vmfinalize.server.finalization.Finalizations;
import org.vmfinalize.server.instantvm.InstantVms;
import org.vmfinalize.server.session.Caller;

/// Tells the vSphere Client which of our menu items, views and cards a machine has. The user waits for it with the menu
/// open, so neither vCenter nor the database is asked; whether he may do what the item offers is looked at when he does it.
@RestController
class DynamicItemsController {

    private static final int MAX_OBJECTS = 1000;

    /// In which a finalization can be paused.
    private static final Set<String> GOING_ON = Set.of("hydrating", "verifying");

    private final InstantVms instantVms;
    private final Finalizations finalizations;

    DynamicItemsController(InstantVms instantVms, Finalizations finalizations) {
        this.instantVms = instantVms;
        this.finalizations = finalizations;
    }

    /// What all selected machines have in common decides what is in the menu. Finalize and Discard are there for machines
    /// that run from backups, and greyed while one of them is being finalized or discarded. The others are there while all
    /// are being finalized, as long as there is one for which they do something.
    @PostMapping("/dynamic/vm/actions")
    Answer actions(@RequestAttribute(Caller.ATTRIBUTE) Caller caller, @RequestBody Question question) {
        var vms = question.vms();
        boolean instant = all(vms, vm -> instantVms.find(vm).isPresent());
        boolean free = instant && all(vms,
                vm -> instantVms.finalization(vm).isEmpty() && !instantVms.isDiscarding(vm));
        var states = instant
                ? vms.stream().map(vm -> finalizations.stateOf(vm).orElse("")).toList()
                : List.<String>of();
        boolean finalizing = all(states, state -> !state.isEmpty());
        boolean pausable = finalizing && states.stream().anyMatch(GOING_ON::contains);
        boolean paused = finalizing && states.contains("paused");
        boolean cancellable = pausable || paused || (finalizing && states.contains("queued"));
        return answer(new Item("finalizeAction", free, instant),
                new Item("pauseAction", pausable, pausable),
                new Item("resumeAction", paused, paused),
                new Item("cancelAction", cancellable, finalizing),
                new Item("discardAction", free, instant));
    }

    /// The Finalization view is there for a machine that runs from a backup or was finalized.
    @PostMapping("/dynamic/vm/monitor")
    Answer monitor(@RequestAttribute(Caller.ATTRIBUTE) Caller caller, @RequestBody Question question) {
        boolean visible = all(question.vms(),
                vm -> instantVms.find(vm).isPresent() || finalizations.existsFor(vm));
        return answer(new Item("finalizeMonitor", visible, visible));
    }

    /// The card is there for a machine that runs from a backup.
    @PostMapping("/dynamic/vm/summary")
    Answer summary(@RequestAttribute(Caller.ATTRIBUTE) Caller caller, @RequestBody Question question) {
        boolean visible = all(question.vms(), vm -> instantVms.find(vm).isPresent());
        return answer(new Item("finalizeCard", visible, visible));
    }

    /// Whether there are any, and all are so.
    private static boolean all(List<String> texts, Predicate<String> condition) {
        return !texts.isEmpty() && texts.stream().allMatch(condition);
    }

    private static Answer answer(Item... items) {
        return new Answer("1.0.0", List.of(items));
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
