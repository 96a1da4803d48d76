package org.vmfinalize.client;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// A VM that runs from a backup, as the server shows it.
///
/// @param json all of it, with what this version knows no name for
public record InstantVm(JsonNode json) {

    /// One of which no more is known than its id.
    public static InstantVm known(String id) {
        return new InstantVm(JsonNodeFactory.instance.objectNode().put("id", id).put("name", id));
    }

    /// vSphere's managed object id, such as `vm-51`.
    public String id() {
        return json.path("id").asString("");
    }

    public String name() {
        return json.path("name").asString("");
    }

    /// `poweredOn`, `poweredOff` or `suspended`.
    public String powerState() {
        return json.path("powerState").asString("unknown");
    }

    public String datastore() {
        return json.path("datastore").asString("");
    }

    /// Where its backup is.
    public String backup() {
        return json.at("/backup/location").asString("");
    }

    /// The size of all disks, in bytes.
    public long sizeBytes() {
        return sum("sizeBytes");
    }

    /// How much of all disks is still in the backup, in bytes.
    public long toDoBytes() {
        return sum("toDoBytes");
    }

    /// The id of the finalization that is under way.
    public Optional<String> finalization() {
        return Optional.ofNullable(json.path("finalization").asString(null));
    }

    /// The folder of its disks in the datastore, such as `[instant-1] web-01`.
    public String path() {
        var file = json.at("/disks/0/file").asString("");
        return "[%s] %s".formatted(datastore(), file.substring(0, Math.max(0, file.lastIndexOf('/'))));
    }

    /// What tells several VMs of one name from each other, in the order of their paths:
    /// `vm-51 at [instant-1] web-01, vm-57 at [instant-1] web-01_1`.
    public static String whichOnes(Collection<InstantVm> vms) {
        return vms.stream().sorted(Comparator.comparing(InstantVm::path))
                .map(vm -> "%s at %s".formatted(vm.id(), vm.path()))
                .collect(Collectors.joining(", "));
    }

    private long sum(String field) {
        return json.path("disks").valueStream().mapToLong(disk -> disk.path(field).asLong(0)).sum();
    }
}
