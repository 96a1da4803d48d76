package org.vmfinalize.formats.yaml;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.formats.machine.Names;

/// The values of one mapping of a description, each taken only if it is as it must be.
///
/// @param location of the description, for messages
/// @param where what messages call the mapping, such as "disks[1]"; empty for the document
record YamlValues(String location, String where, Map<String, Object> values) {

    YamlValues {
        values = Map.copyOf(values);
    }

    /// Refuses keys that nobody knows: a misspelt one would be missed silently.
    YamlValues allow(Collection<String> keys) throws FormatException {
        for (var key : values.keySet()) {
            if (!keys.contains(key)) {
                throw damaged(key,
                        "must be one of %s but is unknown".formatted(String.join(", ", new TreeSet<>(keys))));
            }
        }
        return this;
    }

    Optional<String> text(String key) throws FormatException {
        Object value = values.get(key);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof Map || value instanceof List) {
            throw damaged(key, "must be a single value but is a list or a mapping");
        }
        return Optional.of(value.toString().strip());
    }

    String required(String key) throws FormatException {
        return text(key).filter(value -> !value.isEmpty())
                .orElseThrow(() -> damaged(key, "must be stated but is not"));
    }

    OptionalInt number(String key, int min, int max) throws FormatException {
        Optional<String> text = text(key);
        if (text.isEmpty()) {
            return OptionalInt.empty();
        }
        long value = text.get().matches("\\d{1,9}") ? Long.parseLong(text.get()) : -1;
        if (value < min || value > max) {
            throw damaged(key, "must be %d..%d but was '%s'".formatted(min, max, Names.shown(text.get())));
        }
        return OptionalInt.of((int) value);
    }

    /// The value that a word stands for.
    <T> Optional<T> choice(String key, Map<String, T> choices) throws FormatException {
        Optional<String> text = text(key);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        T chosen = choices.get(text.get());
        if (chosen == null) {
            throw damaged(key, "must be one of %s but was '%s'".formatted(
                    String.join(", ", new TreeSet<>(choices.keySet())), Names.shown(text.get())));
        }
        return Optional.of(chosen);
    }

    /// The mappings of a list; none if the key is not there.
    List<YamlValues> list(String key, int max) throws FormatException {
        Object value = values.getOrDefault(key, List.of());
        if (!(value instanceof List<?> items) || items.size() > max) {
            throw damaged(key, "must be a list of at most %d mappings but is not".formatted(max));
        }
        var all = new YamlValues[items.size()];
        for (int i = 0; i < all.length; i++) {
            if (!(items.get(i) instanceof Map<?, ?> mapping)) {
                throw damaged(key, "must be a list of mappings but number %d is none".formatted(i));
            }
            Map<String, Object> named = new HashMap<>();
            mapping.forEach((name, one) -> {
                if (one != null) {
                    named.put(String.valueOf(name), one);
                }
            });
            all[i] = new YamlValues(location, "%s[%d]".formatted(key, i), named);
        }
        return List.of(all);
    }

    FormatException damaged(String key, String sentence) {
        String path = where.isEmpty() ? key : where + "." + key;
        return new FormatException(
                "%s: backup description: %s %s".formatted(location, Names.shown(path), sentence));
    }
}
