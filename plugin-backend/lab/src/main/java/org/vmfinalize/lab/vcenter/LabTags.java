package org.vmfinalize.lab.vcenter;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.vmfinalize.lab.vcenter.Value.Ref;
import org.vmfinalize.vcenter.Tag;

/// The tags of the lab's vCenter. Guarded by the lock of its [World].
final class LabTags {

    private final Map<String, String> categories = new LinkedHashMap<>();
    private final Map<String, Made> tags = new LinkedHashMap<>();
    private final Map<Ref, List<String>> attached = new TreeMap<>((a, b) -> a.id().compareTo(b.id()));

    /// @param category the id of its category
    record Made(String category, String name) {}

    /// Attaches a tag to an object, and makes the tag and its category if there are none of these names.
    void attach(Ref object, Tag tag) {
        var category = idOf(categories, tag.category()).orElseGet(() -> {
            var id = "urn:vmomi:InventoryServiceCategory:%s:GLOBAL".formatted(UUID.randomUUID());
            categories.put(id, tag.category());
            return id;
        });
        var made = new Made(category, tag.name());
        var id = idOf(tags, made).orElseGet(() -> {
            var fresh = "urn:vmomi:InventoryServiceTag:%s:GLOBAL".formatted(UUID.randomUUID());
            tags.put(fresh, made);
            return fresh;
        });
        attached.computeIfAbsent(object, _ -> new ArrayList<>()).add(id);
    }

    private static <T> Optional<String> idOf(Map<String, T> all, T wanted) {
        return all.entrySet().stream().filter(each -> each.getValue().equals(wanted)).map(Map.Entry::getKey)
                .findFirst();
    }

    List<String> attachedTo(Ref object) {
        return List.copyOf(attached.getOrDefault(object, List.of()));
    }

    Optional<Made> tag(String id) {
        return Optional.ofNullable(tags.get(id));
    }

    Optional<String> category(String id) {
        return Optional.ofNullable(categories.get(id));
    }
}
