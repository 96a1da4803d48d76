package org.vmfinalize.lab.vcenter;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.lab.vcenter.Value.Any;
import org.vmfinalize.lab.vcenter.Value.Data;
import org.vmfinalize.lab.vcenter.Value.Many;
import org.vmfinalize.lab.vcenter.Value.Ref;

/// What a PropertyFilterSpec selects: objects, by where to begin and where to go on, and properties, by type.
final class Selection {

    private final World world;
    private final LabSession session;
    private final Data spec;

    Selection(World world, LabSession session, Data spec) {
        this.world = world;
        this.session = session;
        this.spec = spec;
    }

    /// The values now: by object, by path, in the order asked for. A property without a value is not there.
    ///
    /// @throws LabFault ManagedObjectNotFound, InvalidProperty or InvalidArgument
    Map<Ref, Map<String, Value>> values() {
        var found = new LinkedHashMap<Ref, Map<String, Value>>();
        for (var ref : objects()) {
            var properties = session.views.containsKey(ref) ? null : world.get(ref).properties();
            for (var wanted : spec.allData("propSet")) {
                if (properties != null && wanted.text("type").equals(ref.type())) {
                    found.computeIfAbsent(ref, _ -> new LinkedHashMap<>())
                            .putAll(read(ref, properties, wanted));
                }
            }
        }
        return found;
    }

    private Map<String, Value> read(Ref ref, Data properties, Data wanted) {
        var values = new LinkedHashMap<String, Value>();
        if (wanted.text("all").equals("true")) {
            values.putAll(properties.fields());
        }
        for (var path : wanted.all("pathSet")) {
            String text = ((Value.Scalar) path).text();
            String first = text.split("[.\\[]", 2)[0];
            if (properties.get(first) == null && !world.get(ref).optionalProperties().contains(first)) {
                throw new LabFault("InvalidProperty", "The property '%s' is not valid.".formatted(text),
                        "name", text);
            }
            var value = follow(properties, text);
            if (value != null) {
                values.put(text, value);
            }
        }
        return values;
    }

    private static @Nullable Value follow(Data properties, String path) {
        Value value = properties;
        for (String step : path.split("\\.", -1)) {
            int bracket = step.indexOf('[');
            value = value instanceof Data data
                    ? data.get(bracket < 0 ? step : step.substring(0, bracket))
                    : null;
            if (bracket >= 0 && value instanceof Many many) {
                value = withKey(many, step.substring(bracket + 1, step.length() - 1).replace("\"", ""));
            }
        }
        return value;
    }

    private static @Nullable Value withKey(Many many, String key) {
        return many.items().stream()
                .filter(item -> item instanceof Data data && data.text("key").equals(key))
                .findFirst().orElse(null);
    }

    private Set<Ref> objects() {
        var found = new LinkedHashSet<Ref>();
        for (var start : spec.allData("objectSet")) {
            if (!(start.get("obj") instanceof Ref ref)) {
                throw LabFault.invalidRequest("an object of the filter is missing: obj");
            }
            var named = new HashMap<String, Data>();
            collectNames(start, named);
            if (!start.text("skip").equals("true")) {
                found.add(ref);
            }
            traverse(ref, start.allData("selectSet"), named, found, new LinkedHashSet<>());
        }
        return found;
    }

    private static void collectNames(Data spec, Map<String, Data> named) {
        for (var select : spec.allData("selectSet")) {
            if (select.type().equals("TraversalSpec")) {
                named.put(select.text("name"), select);
                collectNames(select, named);
            }
        }
    }

    private void traverse(Ref from, List<Data> selects, Map<String, Data> named, Set<Ref> found,
            Set<List<Object>> gone) {
        for (var select : selects) {
            var step = select.type().equals("TraversalSpec") ? select : named.get(select.text("name"));
            if (step == null) {
                throw LabFault.invalidArgument("undefined TraversalSpec name");
            }
            if (!step.text("type").equals(from.type()) || !gone.add(List.of(from, step))) {
                continue;
            }
            for (var next : targets(from, step.text("path"))) {
                if (!step.text("skip").equals("true")) {
                    found.add(next);
                }
                traverse(next, step.allData("selectSet"), named, found, gone);
            }
        }
    }

    private List<Ref> targets(Ref from, String path) {
        var view = session.views.get(from);
        if (view != null) {
            return view.shown();
        }
        var targets = new ArrayList<Ref>();
        switch (follow(world.get(from).properties(), path)) {
            case Ref ref -> targets.add(ref);
            case Many many -> many.items().stream().filter(Ref.class::isInstance).map(Ref.class::cast)
                    .forEach(targets::add);
            case null, default -> {
            }
        }
        return targets;
    }

    /// An object's values in the form of RetrievePropertiesEx.
    static Data content(Ref ref, Map<String, Value> values) {
        var properties = values.entrySet().stream()
                .map(entry -> Value.data("DynamicProperty", "name", entry.getKey(), "val",
                        new Any(entry.getValue())))
                .toList();
        return Value.data("ObjectContent", "obj", ref, "propSet", properties);
    }
}
