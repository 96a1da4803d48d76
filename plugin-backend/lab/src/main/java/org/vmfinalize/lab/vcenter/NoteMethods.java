package org.vmfinalize.lab.vcenter;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.lab.vcenter.Methods.Invocation;
import org.vmfinalize.lab.vcenter.Value.Data;
import org.vmfinalize.lab.vcenter.Value.Many;
import org.vmfinalize.lab.vcenter.Value.Ref;

/// Events that extensions post, and custom attributes of machines. Guarded by the lock of the [World].
final class NoteMethods {

    private static final Ref EVENTS = new Ref("EventManager", "EventManager");
    private static final Ref FIELDS = new Ref("CustomFieldsManager", "CustomFieldsManager");
    private static final int KEPT_EVENTS = 1000;

    private final World world;
    private final AlarmMethods alarms;
    private final Deque<Data> events = new ArrayDeque<>();
    private final Map<Integer, String> fields = new LinkedHashMap<>();
    private int lastField = 100;

    NoteMethods(World world, AlarmMethods alarms) {
        this.world = world;
        this.alarms = alarms;
    }

    void addTo(Methods methods) {
        world.locked(() -> {
            world.add(ManagedObject.of(EVENTS, () -> Value.data("EventManager")));
            world.add(ManagedObject.of(FIELDS, () -> Value.data("CustomFieldsManager", "field",
                    new Many("CustomFieldDef",
                            fields.keySet().stream().<Value>map(this::definition).toList()))));
        });
        methods.add("PostEvent", "EventManager", "Global.LogEvent", this::post);
        methods.add("QueryEvents", "EventManager", Methods.ANY_USER, this::query);
        methods.add("AddCustomFieldDef", "CustomFieldsManager", "Global.ManageCustomFields", this::define);
        methods.add("RemoveCustomFieldDef", "CustomFieldsManager", "Global.ManageCustomFields", this::remove);
        methods.add("SetField", "CustomFieldsManager", "Global.SetCustomField", this::set);
    }

    private List<Data> post(Invocation in) {
        var event = in.request().data("eventToPost");
        if (!event.type().equals("EventEx") || event.text("eventTypeId").isEmpty()) {
            throw LabFault.invalidArgument("eventToPost");
        }
        if (subject(event, "vm") instanceof Ref vm) {
            alarms.follow(event.text("eventTypeId"), world.get(vm, Machine.class));
        } else if (subject(event, "host") instanceof Ref host) {
            world.get(host, ManagedObject.class);
        } else {
            throw LabFault.invalidArgument("eventToPost");
        }
        events.addFirst(event);
        if (events.size() > KEPT_EVENTS) {
            events.removeLast();
        }
        return List.of();
    }

    /// What an event is about, if it is a thing of that kind: `vm` or `host`.
    private static @Nullable Value subject(Data event, String kind) {
        return event.get(kind) instanceof Data argument ? argument.get(kind) : null;
    }

    /// Of one machine or host, the newest first.
    private List<Data> query(Invocation in) {
        if (!(in.request().data("filter").get("entity") instanceof Data entity)
                || !(entity.get("entity") instanceof Ref asked)) {
            throw LabFault.invalidArgument("filter.entity");
        }
        return events.stream().filter(event -> asked.equals(subject(event, "vm"))
                || asked.equals(subject(event, "host"))).toList();
    }

    private List<Data> define(Invocation in) {
        var name = in.request().text("name");
        if (fields.containsValue(name)) {
            throw new LabFault("DuplicateName", "The name '%s' already exists.".formatted(name), "name", name,
                    "object", FIELDS);
        }
        if (!in.request().text("moType").equals("VirtualMachine")) {
            throw LabFault.invalidArgument("moType");
        }
        fields.put(++lastField, name);
        return List.of(definition(lastField));
    }

    private List<Data> remove(Invocation in) {
        int key = known(in.request().text("key"));
        fields.remove(key);
        world.all(Machine.class).forEach(machine -> machine.customValues.remove(key));
        world.notifyChanged();
        return List.of();
    }

    private List<Data> set(Invocation in) {
        int key = known(in.request().text("key"));
        var values = world.get(in.request().ref("entity"), Machine.class).customValues;
        var value = in.request().text("value");
        if (value.isEmpty()) {
            values.remove(key);
        } else {
            values.put(key, value);
        }
        world.notifyChanged();
        return List.of();
    }

    private int known(String key) {
        return Optional.of(key).filter(text -> text.matches("\\d{1,6}")).map(Integer::valueOf)
                .filter(fields::containsKey)
                .orElseThrow(() -> LabFault.invalidArgument("key"));
    }

    private Data definition(int key) {
        return Value.data("CustomFieldDef", "key", key, "name", fields.getOrDefault(key, ""), "type",
                "VirtualMachine", "managedObjectType", "VirtualMachine");
    }
}
