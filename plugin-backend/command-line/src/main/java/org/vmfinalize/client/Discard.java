package org.vmfinalize.client;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// What became, or is about to become, of an instant VM that is thrown away, as it was when the server was asked.
///
/// @param json all of it, with what this version knows no name for
public record Discard(JsonNode json) {

    public String id() {
        return json.path("id").asString("");
    }

    public String vmId() {
        return json.path("vm").asString("");
    }

    public String vmName() {
        return json.path("name").asString("");
    }

    /// `discarding` or `discarded`.
    public String state() {
        return json.path("state").asString("");
    }

    public boolean isUnderWay() {
        return state().equals("discarding");
    }

    /// What the guest had written, in bytes.
    public long guestWrittenBytes() {
        return json.path("guestWrittenBytes").asLong(0);
    }

    /// The overlays with what the guest had written.
    public List<String> keptFiles() {
        return json.path("keptFiles").valueStream().map(file -> file.asString("")).toList();
    }

    public String startedAt() {
        return json.path("startedAt").asString("");
    }

    /// The one of that id, or of the VM with that name or managed object id: one under way before others, then the newest.
    public static Optional<Discard> latestOf(Collection<Discard> all, String vmOrId) {
        return all.stream()
                .filter(d -> d.id().equals(vmOrId) || d.vmId().equals(vmOrId) || d.vmName().equals(vmOrId))
                .min(Comparator.comparing((Discard d) -> !d.isUnderWay())
                        .thenComparing(Comparator.comparing(Discard::startedAt).reversed()));
    }

    /// For people: `web-01: discarded`.
    @Override
    public String toString() {
        return "%s: %s%s".formatted(vmName(), state(),
                keptFiles().stream()
                        .collect(Collectors.joining(", ", keptFiles().isEmpty() ? "" : ", kept in ", "")));
    }
}
