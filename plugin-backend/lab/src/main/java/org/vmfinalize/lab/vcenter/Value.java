package org.vmfinalize.lab.vcenter;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A value of the API, as it can be written in an answer. Two values that look the same are equal, which is how changes
/// are found.
sealed interface Value {

    /// A text, number, truth, time or a word of an enumeration; `type` is what `xsi:type` says of it.
    record Scalar(String type, String text) implements Value {}

    /// A managed object reference.
    record Ref(String type, String id) implements Value {}

    /// A data object; `marked` where a subtype stands for its base type, so that its type must be written.
    record Data(String type, boolean marked, Map<String, Value> fields) implements Value {

        @Nullable
        Value get(String name) {
            return fields.get(name);
        }

        /// The text of a field; empty if it is not set or is no text.
        String text(String name) {
            return fields.get(name) instanceof Scalar scalar ? scalar.text() : "";
        }

        /// The values of an array field; one value for a field that is set once, none if it is not set.
        List<Value> all(String name) {
            return switch (fields.get(name)) {
                case null -> List.of();
                case Many many -> many.items();
                case Value one -> List.of(one);
            };
        }

        List<Data> allData(String name) {
            return all(name).stream().filter(Data.class::isInstance).map(Data.class::cast).toList();
        }
    }

    /// An array.
    record Many(String itemType, List<Value> items) implements Value {}

    /// A value where the API declares anything, so that its type must be written.
    record Any(Value value) implements Value {}

    /// A data object of the declared type, from names and values in turns; a null value leaves its field out.
    static Data data(String type, @Nullable Object... namesAndValues) {
        return new Data(type, false, fields(namesAndValues));
    }

    /// A data object of a subtype of the declared type.
    static Data subtype(String type, @Nullable Object... namesAndValues) {
        return new Data(type, true, fields(namesAndValues));
    }

    static Many refs(List<Ref> refs) {
        return new Many("ManagedObjectReference", List.copyOf(refs));
    }

    static Scalar text(String text) {
        return new Scalar("xsd:string", text);
    }

    /// A word of an enumeration.
    static Scalar word(String enumeration, String word) {
        return new Scalar(enumeration, word);
    }

    private static Map<String, Value> fields(@Nullable Object... namesAndValues) {
        var fields = new LinkedHashMap<String, Value>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            Object value = namesAndValues[i + 1];
            if (value != null) {
                fields.put(String.valueOf(namesAndValues[i]), of(value));
            }
        }
        return Collections.unmodifiableMap(fields);
    }

    private static Value of(Object value) {
        return switch (value) {
            case Value already -> already;
            case String text -> text(text);
            case Integer number -> new Scalar("xsd:int", number.toString());
            case Long number -> new Scalar("xsd:long", number.toString());
            case Boolean truth -> new Scalar("xsd:boolean", truth.toString());
            case Instant time -> new Scalar("xsd:dateTime", time.toString());
            case List<?> items -> {
                var values = new ArrayList<Value>();
                items.forEach(item -> values.add(of(item)));
                yield new Many("", List.copyOf(values));
            }
            default -> throw new IllegalArgumentException("no value of the API: " + value.getClass());
        };
    }
}
