package org.vmfinalize.lab.vcenter;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.vmfinalize.lab.vcenter.Value.Any;
import org.vmfinalize.lab.vcenter.Value.Data;
import org.vmfinalize.lab.vcenter.Value.Ref;

/// A property collector: its filters, and what it told last of each. Guarded by the lock of the [World].
final class Collector {

    private final World world;
    private final Map<Ref, Filter> filters = new LinkedHashMap<>();
    private int version;
    private boolean cancelled;

    Collector(World world) {
        this.world = world;
    }

    private static final class Filter {
        final Selection selection;
        Map<Ref, Map<String, Value>> told = Map.of();

        Filter(Selection selection) {
            this.selection = selection;
        }
    }

    void addFilter(Ref ref, Selection selection) {
        selection.values();
        filters.put(ref, new Filter(selection));
    }

    boolean removeFilter(Ref ref) {
        return filters.remove(ref) != null;
    }

    /// Ends a wait that is under way.
    void cancel() {
        cancelled = true;
        world.notifyChanged();
    }

    /// Waits for changes since `since`, giving up the lock meanwhile.
    ///
    /// @return an UpdateSet; empty if the time is over
    Optional<Data> waitForUpdates(String since, long nanos) {
        if (since.isEmpty()) {
            filters.values().forEach(filter -> filter.told = Map.of());
        } else if (!since.equals(Integer.toString(version))) {
            throw new LabFault("InvalidCollectorVersion", "The version is not known.");
        }
        cancelled = false;
        return world.await(nanos, this::updates);
    }

    private Optional<Data> updates() {
        if (cancelled) {
            throw new LabFault("RequestCanceled", "The request was canceled.");
        }
        var updates = new ArrayList<Data>();
        filters.forEach((ref, filter) -> difference(filter).ifPresent(objects -> updates
                .add(Value.data("PropertyFilterUpdate", "filter", ref, "objectSet", objects))));
        return updates.isEmpty()
                ? Optional.empty()
                : Optional.of(Value.data("UpdateSet", "version", Integer.toString(++version), "filterSet",
                        updates));
    }

    private static Optional<List<Data>> difference(Filter filter) {
        var now = filter.selection.values();
        var updates = new ArrayList<Data>();
        now.forEach((ref, values) -> {
            var before = filter.told.get(ref);
            var changes = changes(before == null ? Map.of() : before, values);
            if (before == null || !changes.isEmpty()) {
                updates.add(update(before == null ? "enter" : "modify", ref, changes));
            }
        });
        filter.told.keySet().stream().filter(ref -> !now.containsKey(ref))
                .forEach(ref -> updates.add(update("leave", ref, List.of())));
        filter.told = now;
        return updates.isEmpty() ? Optional.empty() : Optional.of(updates);
    }

    private static Data update(String kind, Ref ref, List<Data> changes) {
        return Value.data("ObjectUpdate", "kind", kind, "obj", ref, "changeSet", changes);
    }

    private static List<Data> changes(Map<String, Value> before, Map<String, Value> now) {
        var changes = new ArrayList<Data>();
        now.forEach((path, value) -> {
            if (!Objects.equals(before.get(path), value)) {
                changes.add(
                        Value.data("PropertyChange", "name", path, "op", "assign", "val", new Any(value)));
            }
        });
        // Unset: the change has no value.
        before.keySet().stream().filter(path -> !now.containsKey(path))
                .forEach(path -> changes.add(Value.data("PropertyChange", "name", path, "op", "assign")));
        return changes;
    }
}
