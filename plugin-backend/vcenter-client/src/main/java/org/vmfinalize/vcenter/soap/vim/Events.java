package org.vmfinalize.vcenter.soap.vim;

import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Events, and the custom attributes of entities.
public final class Events {

    private Events() {}

    @XmlType(name = "Event", propOrder = {"key", "chainId", "createdTime", "userName", "vm"})
    public static class Event {
        public @Nullable Integer key;
        public @Nullable Integer chainId;
        /// As text: it is required, and overwritten by the server.
        public @Nullable String createdTime;
        public @Nullable String userName;
        public @Nullable VmArgument vm;
    }

    @XmlType(name = "EventEx", propOrder = {"eventTypeId", "severity", "message", "arguments", "objectId",
            "objectType", "objectName"})
    public static class EventEx extends Event {
        public @Nullable String eventTypeId;
        public @Nullable String severity;
        public @Nullable String message;
        public List<Argument> arguments = new ArrayList<>();
        public @Nullable String objectId;
        public @Nullable String objectType;
        public @Nullable String objectName;
    }

    @XmlType(name = "KeyAnyValue", propOrder = {"key", "value"})
    public static class Argument {
        public @Nullable String key;
        public @Nullable Object value;

        /// An argument that is a text.
        public static Argument of(String key, String value) {
            var argument = new Argument();
            argument.key = key;
            argument.value = value;
            return argument;
        }
    }

    @XmlType(name = "VmEventArgument", propOrder = {"name", "vm"})
    public static class VmArgument {
        public @Nullable String name;
        public @Nullable ManagedObjectReference vm;
    }

    @XmlType(name = "CustomFieldDef", propOrder = {"key", "name", "managedObjectType"})
    public static class FieldDefinition {
        public @Nullable Integer key;
        public @Nullable String name;
        public @Nullable String managedObjectType;
    }

    @XmlType(name = "ArrayOfCustomFieldDef", propOrder = {"items"})
    public static class ArrayOfFieldDefinitions {
        @XmlElement(name = "CustomFieldDef")
        public List<FieldDefinition> items = new ArrayList<>();
    }
}
