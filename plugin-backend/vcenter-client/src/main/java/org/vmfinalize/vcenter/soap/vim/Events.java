package org.vmfinalize.vcenter.soap.vim;

import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.vcenter.MoRef;

/// Events, and the custom attributes of entities.
public final class Events {

    private Events() {}

    @XmlType(name = "Event", propOrder = {"key", "chainId", "createdTime", "userName", "host", "vm"})
    public static class Event {
        public @Nullable Integer key;
        public @Nullable Integer chainId;
        /// As text: it is required, and overwritten by the server.
        public @Nullable String createdTime;
        public @Nullable String userName;
        public @Nullable HostArgument host;
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

    @XmlType(name = "HostEventArgument", propOrder = {"name", "host"})
    public static class HostArgument {
        public @Nullable String name;
        public @Nullable ManagedObjectReference host;

        /// A host with its name.
        public static HostArgument of(String name, MoRef host) {
            var argument = new HostArgument();
            argument.name = name;
            argument.host = ManagedObjectReference.of(host);
            return argument;
        }
    }

    @XmlType(name = "VmEventArgument", propOrder = {"name", "vm"})
    public static class VmArgument {
        public @Nullable String name;
        public @Nullable ManagedObjectReference vm;

        /// A virtual machine with its name.
        public static VmArgument of(String name, MoRef vm) {
            var argument = new VmArgument();
            argument.name = name;
            argument.vm = ManagedObjectReference.of(vm);
            return argument;
        }
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
