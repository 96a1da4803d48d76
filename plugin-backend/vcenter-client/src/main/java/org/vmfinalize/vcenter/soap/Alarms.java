package org.vmfinalize.vcenter.soap;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.vcenter.EventAlarm;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.soap.vim.AlarmTypes.AlarmInfo;
import org.vmfinalize.vcenter.soap.vim.AlarmTypes.AlarmSpec;
import org.vmfinalize.vcenter.soap.vim.AlarmTypes.EventExpression;
import org.vmfinalize.vcenter.soap.vim.AlarmTypes.OrExpression;
import org.vmfinalize.vcenter.soap.vim.AlarmTypes.Setting;
import org.vmfinalize.vcenter.soap.vim.ManagedObjectReference;

/// The definitions of alarms at the inventory's root.
record Alarms(Session session, Services services, Properties properties) {

    private static final String RED = "red";
    private static final String GREEN = "green";

    private record Known(MoRef ref, @Nullable EventAlarm alarm) {}

    Optional<EventAlarm> find(String name) {
        return known(name).flatMap(known -> Optional.ofNullable(known.alarm));
    }

    void define(EventAlarm alarm) {
        var known = known(alarm.name());
        if (known.isPresent() && alarm.equals(known.get().alarm)) {
            return;
        }
        var call = known.isPresent()
                ? Call.of("ReconfigureAlarm", known.get().ref)
                : Call.of("CreateAlarm", services.alarmManager()).with("entity", services.rootFolder());
        session.changing(() -> session.send(call.with("spec", AlarmSpec.class, toWire(alarm)), Object.class));
    }

    void remove(String name) {
        known(name).ifPresent(known -> session.changing(() -> session.send(
                Call.of("RemoveAlarm", known.ref), Object.class)));
    }

    private Optional<Known> known(String name) {
        var call = Call.of("GetAlarm", services.alarmManager()).with("entity", services.rootFolder());
        var all = session.reading(() -> session.send(call, ManagedObjectReference.class));
        return properties.ofThese("Alarm", all.stream().map(ManagedObjectReference::toMoRef).toList(), "info")
                .stream()
                .map(values -> values.get("info") instanceof AlarmInfo info && name.equals(info.name)
                        ? new Known(values.ref(), fromWire(info))
                        : null)
                .filter(Objects::nonNull).findFirst();
    }

    private static AlarmSpec toWire(EventAlarm alarm) {
        var either = new OrExpression();
        either.expression.add(expression(alarm.raisedBy(), RED));
        either.expression.add(expression(alarm.clearedBy(), GREEN));
        var spec = new AlarmSpec();
        spec.name = alarm.name();
        spec.description = alarm.description();
        spec.enabled = true;
        spec.expression = either;
        spec.setting = new Setting();
        return spec;
    }

    private static EventExpression expression(String eventTypeId, String status) {
        var expression = new EventExpression();
        expression.eventType = "EventEx";
        expression.eventTypeId = eventTypeId;
        expression.objectType = "VirtualMachine";
        expression.status = status;
        return expression;
    }

    /// Null if it is not of our form: somebody has changed it.
    private static @Nullable EventAlarm fromWire(AlarmInfo info) {
        if (!(info.expression instanceof OrExpression either)) {
            return null;
        }
        var raising = eventTypes(either, RED);
        var clearing = eventTypes(either, GREEN);
        return raising.size() == 1 && clearing.size() == 1 && either.expression.size() == 2
                ? new EventAlarm(Texts.orEmpty(info.name), Texts.orEmpty(info.description),
                        raising.getFirst(),
                        clearing.getFirst())
                : null;
    }

    private static List<String> eventTypes(OrExpression either, String status) {
        return either.expression.stream().filter(EventExpression.class::isInstance)
                .map(EventExpression.class::cast).filter(expression -> status.equals(expression.status))
                .map(expression -> Texts.orEmpty(expression.eventTypeId)).toList();
    }
}
