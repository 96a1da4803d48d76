package org.vmfinalize.cli;

import java.io.IOException;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.vmfinalize.client.Api;
import org.vmfinalize.client.ApiException;
import org.vmfinalize.client.Finalization;
import org.vmfinalize.client.InstantVm;
import org.vmfinalize.units.NearestNames;
import tools.jackson.databind.JsonNode;

/// Finds what people name, by name or by id.
final class Targets {

    private static final Pattern MANAGED_OBJECT_ID = Pattern.compile("vm-\\d+");

    private Targets() {}

    /// The VM that runs from a backup and has that name or managed object id.
    ///
    /// @throws CommandException if there is none, or several
    static InstantVm vm(Api api, String nameOrId) throws IOException {
        return vm(api.instantVms(), nameOrId);
    }

    /// The same; or one that the server does not list, if an id is given: it may have been taken out of vCenter's inventory.
    static InstantVm vmOrGone(Api api, String nameOrId) throws IOException {
        var all = api.instantVms();
        return MANAGED_OBJECT_ID.matcher(nameOrId).matches()
                && all.stream().noneMatch(vm -> vm.name().equals(nameOrId) || vm.id().equals(nameOrId))
                        ? gone(api, nameOrId)
                        : vm(all, nameOrId);
    }

    /// What the server knows of it; who may not know of it may still ask for it.
    private static InstantVm gone(Api api, String id) throws IOException {
        try {
            return api.instantVm(id);
        } catch (ApiException _) {
            return InstantVm.known(id);
        }
    }

    /// The finalization of that id; or the latest one of the VM with that name or managed object id.
    static Finalization finalization(Api api, String target) throws IOException {
        var all = api.finalizations();
        return Finalization.latestOf(all, target)
                .orElseThrow(() -> notFound("finalization", target,
                        all.stream().map(Finalization::vmName).toList(), "was or is being finalized"));
    }

    /// The latest restore point of the VM of that name.
    static Optional<JsonNode> latestBackup(Api api, String vmName) throws IOException {
        return api.backups(vmName, null).stream()
                .filter(point -> point.path("vmName").asString("").equals(vmName))
                .max(Comparator.comparing(point -> point.path("takenAt").asString("")));
    }

    private static InstantVm vm(List<InstantVm> all, String nameOrId) {
        var byId = all.stream().filter(vm -> vm.id().equals(nameOrId)).findFirst();
        if (byId.isPresent()) {
            return byId.get();
        }
        var named = all.stream().filter(vm -> vm.name().equals(nameOrId)).toList();
        if (named.size() > 1) {
            throw new CommandException(ExitStatus.NOT_FOUND,
                    "VM %s: must be one but there are %d of that name; give the id of one: %s"
                            .formatted(nameOrId, named.size(), InstantVm.whichOnes(named)));
        }
        if (named.isEmpty()) {
            throw notFound("VM", nameOrId, all.stream().map(InstantVm::name).toList(), "runs from a backup");
        }
        return named.getFirst();
    }

    static CommandException notFound(String kind, String word, Collection<String> names, String what) {
        var near = NearestNames.of(word, names);
        return new CommandException(ExitStatus.NOT_FOUND,
                "%s %s: none of that name %s%s".formatted(kind, word, what,
                        near.isEmpty() ? "" : "; did you mean %s?".formatted(String.join(" or ", near))));
    }
}
