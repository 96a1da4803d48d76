package org.vmfinalize.client;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// A finalization as it was when the server was asked.
///
/// @param json all of it, with what this version knows no name for
public record Finalization(JsonNode json) {

    private static final Set<String> FINAL = Set.of("completed", "cancelled", "failed");

    public String id() {
        return json.path("id").asString("");
    }

    public String vmName() {
        return json.at("/vm/name").asString("");
    }

    public String vmId() {
        return json.at("/vm/id").asString("");
    }

    /// `queued`, `hydrating`, `paused`, `sealing`, `moving`, `completed`, `cancelled` or `failed`, and what later servers add.
    public String state() {
        return json.path("state").asString("");
    }

    /// Whether nothing will change any more.
    public boolean isOver() {
        return FINAL.contains(state());
    }

    public boolean isCompleted() {
        return state().equals("completed");
    }

    /// Why it waits or why it failed.
    public Optional<String> reason() {
        return text("failure").or(() -> text("pauseReason"));
    }

    /// Why the VM, which is complete, was not moved to another datastore, if it was to be.
    public Optional<String> notMoved() {
        var why = json.at("/move/failure").asString("");
        return isCompleted() && !why.isEmpty()
                ? Optional.of("not moved to datastore %s: %s".formatted(json.at("/move/name").asString(""),
                        why))
                : Optional.empty();
    }

    /// What of [#totalBytes()] is done.
    public long doneBytes() {
        return json.path("doneBytes").asLong(0);
    }

    /// What the backup has to give and what is to be moved to another datastore, in bytes.
    public long totalBytes() {
        return json.path("totalBytes").asLong(0);
    }

    public long bytesPerSecond() {
        return json.path("bytesPerSecond").asLong(0);
    }

    /// An estimate, if there is one.
    public OptionalLong secondsLeft() {
        var left = json.path("secondsLeft");
        return left.isNumber() ? OptionalLong.of(left.asLong()) : OptionalLong.empty();
    }

    /// 0 to 100.
    public int percent() {
        long total = totalBytes();
        return total == 0 ? (isOver() ? 100 : 0) : (int) Math.clamp(doneBytes() * 100.0 / total, 0, 100);
    }

    /// The one of that id, or of the VM with that name or managed object id: one under way before others, then the newest.
    public static Optional<Finalization> latestOf(Collection<Finalization> all, String vmOrId) {
        return all.stream()
                .filter(f -> f.id().equals(vmOrId) || f.vmId().equals(vmOrId) || f.vmName().equals(vmOrId))
                .min(Comparator.comparing(Finalization::isOver).thenComparing(Comparator
                        .comparing((Finalization f) -> f.json().path("startedAt").asString("")).reversed()));
    }

    private Optional<String> text(String field) {
        return Optional.ofNullable(json.path(field).asString(null));
    }

    /// For people: `web-01: hydrating, 41 %`.
    @Override
    public String toString() {
        return "%s: %s, %d %%%s".formatted(vmName(), state(), percent(),
                reason().map(r -> " (" + r + ")").orElse(""));
    }
}
