package org.vmfinalize.vcenter.soap.vim;

import jakarta.xml.bind.annotation.XmlAnyElement;
import jakarta.xml.bind.annotation.XmlType;
import java.util.ArrayList;
import java.util.List;
import javax.xml.datatype.XMLGregorianCalendar;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;

/// Registered solutions.
public final class Extensions {

    private Extensions() {}

    @XmlType(name = "Extension", propOrder = {"description", "key", "company", "version", "server", "client",
            "taskList",
            "eventList", "faultList", "privilegeList", "resourceList", "lastHeartbeatTime",
            "managedEntityInfo",
            "shownInSolutionManager", "unknown"})
    public static class ExtensionInfo {
        public @Nullable Description description;
        public @Nullable String key;
        public @Nullable String company;
        public @Nullable String version;
        public List<ServerInfo> server = new ArrayList<>();
        public List<ClientInfo> client = new ArrayList<>();
        public List<TaskType> taskList = new ArrayList<>();
        public List<EventType> eventList = new ArrayList<>();
        public List<FaultType> faultList = new ArrayList<>();
        public List<PrivilegeInfo> privilegeList = new ArrayList<>();
        public List<ResourceInfo> resourceList = new ArrayList<>();
        public @Nullable XMLGregorianCalendar lastHeartbeatTime;
        public List<ManagedEntityInfo> managedEntityInfo = new ArrayList<>();
        public @Nullable Boolean shownInSolutionManager;

        /// What the server sent besides: it would be lost by writing this object back.
        @XmlAnyElement
        public List<Element> unknown = new ArrayList<>();
    }

    @XmlType(name = "ExtensionServerInfo", propOrder = {"url", "description", "company", "type", "adminEmail",
            "serverThumbprint"})
    public static class ServerInfo {
        public @Nullable String url;
        public @Nullable Description description;
        public @Nullable String company;
        public @Nullable String type;
        public List<String> adminEmail = new ArrayList<>();
        public @Nullable String serverThumbprint;
    }

    @XmlType(name = "ExtensionClientInfo", propOrder = {"version", "description", "company", "type", "url"})
    public static class ClientInfo {
        public @Nullable String version;
        public @Nullable Description description;
        public @Nullable String company;
        public @Nullable String type;
        public @Nullable String url;
    }

    @XmlType(name = "ExtensionTaskTypeInfo", propOrder = {"taskID"})
    public static class TaskType {
        public @Nullable String taskID;
    }

    @XmlType(name = "ExtensionEventTypeInfo", propOrder = {"eventID"})
    public static class EventType {
        public @Nullable String eventID;
    }

    @XmlType(name = "ExtensionFaultTypeInfo", propOrder = {"faultID"})
    public static class FaultType {
        public @Nullable String faultID;
    }

    @XmlType(name = "ExtensionPrivilegeInfo", propOrder = {"privID", "privGroupName"})
    public static class PrivilegeInfo {
        public @Nullable String privID;
        public @Nullable String privGroupName;
    }

    @XmlType(name = "ExtensionResourceInfo", propOrder = {"locale", "module", "data"})
    public static class ResourceInfo {
        public @Nullable String locale;
        public @Nullable String module;
        public List<Text> data = new ArrayList<>();
    }

    @XmlType(name = "KeyValue", propOrder = {"key", "value"})
    public static class Text {
        public @Nullable String key;
        public @Nullable String value;
    }

    @XmlType(name = "ExtManagedEntityInfo", propOrder = {"type", "smallIconUrl", "iconUrl", "description"})
    public static class ManagedEntityInfo {
        public @Nullable String type;
        public @Nullable String smallIconUrl;
        public @Nullable String iconUrl;
        public @Nullable String description;
    }
}
