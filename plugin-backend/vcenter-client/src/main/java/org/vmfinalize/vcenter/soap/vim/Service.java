package org.vmfinalize.vcenter.soap.vim;

import jakarta.xml.bind.annotation.XmlType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The service, its sessions and what a user may do.
public final class Service {

    private Service() {}

    @XmlType(name = "ServiceContent", propOrder = {"rootFolder", "propertyCollector", "viewManager", "about",
            "sessionManager", "authorizationManager", "eventManager", "taskManager", "extensionManager",
            "customFieldsManager", "alarmManager", "vmProvisioningChecker"})
    public static class ServiceContent {
        public @Nullable ManagedObjectReference rootFolder;
        public @Nullable ManagedObjectReference propertyCollector;
        public @Nullable ManagedObjectReference viewManager;
        public @Nullable About about;
        public @Nullable ManagedObjectReference sessionManager;
        public @Nullable ManagedObjectReference authorizationManager;
        public @Nullable ManagedObjectReference eventManager;
        public @Nullable ManagedObjectReference taskManager;
        public @Nullable ManagedObjectReference extensionManager;
        public @Nullable ManagedObjectReference customFieldsManager;
        public @Nullable ManagedObjectReference alarmManager;
        public @Nullable ManagedObjectReference vmProvisioningChecker;
    }

    @XmlType(name = "AboutInfo", propOrder = {"name", "version", "build", "apiVersion", "instanceUuid"})
    public static class About {
        public @Nullable String name;
        public @Nullable String version;
        public @Nullable String build;
        public @Nullable String apiVersion;
        public @Nullable String instanceUuid;
    }

    @XmlType(name = "UserSession", propOrder = {"key", "userName", "fullName", "locale"})
    public static class Session {
        public @Nullable String key;
        public @Nullable String userName;
        public @Nullable String fullName;
        public @Nullable String locale;
    }

    @XmlType(name = "EntityPrivilege", propOrder = {"privAvailability"})
    public static class EntityPrivilege {
        public List<PrivilegeAvailability> privAvailability = new ArrayList<>();
    }

    @XmlType(name = "PrivilegeAvailability", propOrder = {"privId", "isGranted"})
    public static class PrivilegeAvailability {
        public @Nullable String privId;
        public @Nullable Boolean isGranted;
    }
}
