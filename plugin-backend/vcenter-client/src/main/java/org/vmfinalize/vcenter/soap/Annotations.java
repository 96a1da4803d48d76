package org.vmfinalize.vcenter.soap;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.vmfinalize.vcenter.ExtensionEvent;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.VCenterFault;
import org.vmfinalize.vcenter.soap.vim.Events.Argument;
import org.vmfinalize.vcenter.soap.vim.Events.ArrayOfFieldDefinitions;
import org.vmfinalize.vcenter.soap.vim.Events.Event;
import org.vmfinalize.vcenter.soap.vim.Events.EventEx;
import org.vmfinalize.vcenter.soap.vim.Events.FieldDefinition;
import org.vmfinalize.vcenter.soap.vim.Events.HostArgument;
import org.vmfinalize.vcenter.soap.vim.Events.VmArgument;

/// What is said for people alone: events of virtual machines and hosts, and custom attributes of virtual machines.
record Annotations(Session session, Services services, Properties properties) {

    private static final String VM_TYPE = "VirtualMachine";

    void post(MoRef object, ExtensionEvent event) {
        var name = Texts.shownName(Texts.text(properties.of(object, "name").get("name")));
        var call = Call.of("PostEvent", services.eventManager())
                .with("eventToPost", Event.class,
                        toWire(object, name, event));
        session.changing(() -> session.send(call, Object.class));
    }

    private static EventEx toWire(MoRef object, String name, ExtensionEvent event) {
        var wire = new EventEx();
        // These four are required, and overwritten by vCenter.
        wire.key = 0;
        wire.chainId = 0;
        wire.createdTime = "1970-01-01T00:00:00Z";
        wire.userName = "";
        switch (object.type()) {
            case VM_TYPE -> wire.vm = VmArgument.of(name, object);
            case "HostSystem" -> wire.host = HostArgument.of(name, object);
            default -> throw new IllegalArgumentException(
                    "%s: an event must be of a VirtualMachine or a HostSystem but is not".formatted(object));
        }
        wire.eventTypeId = event.typeId();
        wire.severity = switch (event.severity()) {
            case INFO -> "info";
            case WARNING -> "warning";
            case ERROR -> "error";
        };
        wire.message = event.message();
        event.arguments().entrySet().stream().sorted(Map.Entry.comparingByKey())
                .forEach(entry -> wire.arguments.add(Argument.of(entry.getKey(), entry.getValue())));
        wire.objectId = object.value();
        wire.objectType = object.type();
        wire.objectName = name;
        return wire;
    }

    void setAttribute(MoRef vm, String name, String value) {
        var known = attribute(name);
        if (known.isEmpty() && value.isEmpty()) {
            return;
        }
        var call = Call.of("SetField", services.customFieldsManager()).with("entity", vm)
                .with("key", known.isPresent() ? known.get() : addAttribute(name)).with("value", value);
        session.changing(() -> session.send(call, Object.class));
    }

    private int addAttribute(String name) {
        var call = Call.of("AddCustomFieldDef", services.customFieldsManager()).with("name", name)
                .with("moType", VM_TYPE);
        try {
            var made = session.changing(() -> session.sendForOne(call, FieldDefinition.class));
            return made.key == null ? 0 : made.key;
        } catch (VCenterFault e) {
            if (!e.is(VCenterFault.DUPLICATE_NAME)) {
                throw e;
            }
            // Somebody else made it just now.
            return attribute(name).orElseThrow(() -> e);
        }
    }

    void removeAttribute(String name) {
        attribute(name).ifPresent(key -> {
            var call = Call.of("RemoveCustomFieldDef", services.customFieldsManager()).with("key", key);
            session.changing(() -> session.send(call, Object.class));
        });
    }

    private Optional<Integer> attribute(String name) {
        return properties.of(services.customFieldsManager(), "field")
                .get("field") instanceof ArrayOfFieldDefinitions fields
                        ? fields.items.stream()
                                .filter(field -> name.equals(field.name)
                                        && VM_TYPE.equals(field.managedObjectType))
                                .map(field -> field.key).filter(Objects::nonNull).findFirst()
                        : Optional.empty();
    }
}
