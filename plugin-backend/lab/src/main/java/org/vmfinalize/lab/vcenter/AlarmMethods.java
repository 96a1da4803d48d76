package org.vmfinalize.lab.vcenter;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.vmfinalize.lab.vcenter.Methods.Invocation;
import org.vmfinalize.lab.vcenter.Value.Data;
import org.vmfinalize.lab.vcenter.Value.Ref;

/// Alarms at the root of the inventory that events on machines raise and take back. Guarded by the lock of the [World].
final class AlarmMethods {

    private static final Ref MANAGER = new Ref("AlarmManager", "AlarmManager");

    private final World world;
    private int last;

    AlarmMethods(World world) {
        this.world = world;
    }

    /// An alarm. On which machines it is raised is kept with them.
    private static final class Alarm implements ManagedObject {

        private final Ref ref;
        private Data spec;

        Alarm(Ref ref, Data spec) {
            this.ref = ref;
            this.spec = spec;
        }

        @Override
        public Ref ref() {
            return ref;
        }

        @Override
        public Data properties() {
            return Value.data("Alarm", "info",
                    Value.data("AlarmInfo", "name", spec.text("name"), "description",
                            spec.text("description"), "enabled", Boolean.valueOf(spec.text("enabled")),
                            "expression",
                            spec.get("expression"), "key", ref.id(), "alarm", ref));
        }

        private Optional<String> statusAfter(String eventType) {
            return spec.get("expression") instanceof Data either
                    ? either.allData("expression").stream()
                            .filter(event -> event.text("eventTypeId").equals(eventType))
                            .map(event -> event.text("status")).findFirst()
                    : Optional.empty();
        }
    }

    void addTo(Methods methods) {
        world.locked(() -> world.add(ManagedObject.of(MANAGER, () -> Value.data("AlarmManager"))));
        methods.add("CreateAlarm", "AlarmManager", "Alarm.Create", this::create);
        methods.add("GetAlarm", "AlarmManager", Methods.ANY_USER,
                _ -> all().stream().map(Alarm::ref).toList());
        methods.add("ReconfigureAlarm", "Alarm", "Alarm.Edit", this::reconfigure);
        methods.add("RemoveAlarm", "Alarm", "Alarm.Delete", in -> {
            world.remove(world.get(in.self(), Alarm.class).ref());
            world.all(Machine.class).forEach(machine -> machine.redAlarms.remove(in.self()));
            return List.of();
        });
    }

    /// What is to become of the alarms because of an event on a machine.
    void follow(String eventType, Machine machine) {
        for (var alarm : all()) {
            switch (alarm.statusAfter(eventType).orElse("")) {
                case "red" -> machine.redAlarms.putIfAbsent(alarm.ref, Instant.now());
                case "green" -> machine.redAlarms.remove(alarm.ref);
                default -> {
                    // Not one of this alarm's events.
                }
            }
        }
        world.notifyChanged();
    }

    /// The names of the alarms that are red on a machine.
    List<String> redOn(Machine machine) {
        return all().stream().filter(alarm -> machine.redAlarms.containsKey(alarm.ref))
                .map(alarm -> alarm.spec.text("name")).sorted().toList();
    }

    private List<Alarm> all() {
        return world.all(Alarm.class).stream().sorted(Comparator.comparing(alarm -> alarm.ref.id())).toList();
    }

    private List<Ref> create(Invocation in) {
        var spec = in.request().data("spec");
        if (all().stream().anyMatch(alarm -> alarm.spec.text("name").equals(spec.text("name")))) {
            throw new LabFault("DuplicateName", "The name '%s' already exists.".formatted(spec.text("name")),
                    "name",
                    spec.text("name"), "object", MANAGER);
        }
        var alarm = new Alarm(new Ref("Alarm", "alarm-" + ++last), valid(spec));
        world.add(alarm);
        return List.of(alarm.ref);
    }

    private List<Ref> reconfigure(Invocation in) {
        world.get(in.self(), Alarm.class).spec = valid(in.request().data("spec"));
        return List.of();
    }

    private static Data valid(Data spec) {
        if (spec.text("name").isBlank()) {
            throw LabFault.invalidArgument("spec.name");
        }
        if (!(spec.get("expression") instanceof Data expression)
                || !expression.type().equals("OrAlarmExpression")
                || expression.allData("expression").stream()
                        .anyMatch(event -> !event.type().equals("EventAlarmExpression"))) {
            throw LabFault.invalidArgument("spec.expression");
        }
        return spec;
    }
}
