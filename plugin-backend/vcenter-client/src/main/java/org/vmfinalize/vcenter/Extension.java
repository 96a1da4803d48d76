package org.vmfinalize.vcenter;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A solution that is registered with vCenter: where its user interface is, and which tasks, faults, privileges and
/// icons are its own.
///
/// @param key             lower-case letters, digits and dots, such as `org.example.solution`
/// @param version         one to four numbers with dots. The vSphere Client loads the user interface anew when it changes
/// @param label           the name that people see
/// @param servers         the first one serves the manifest of the user interface
/// @param clients         at most one
/// @param taskIds         the types that [VCenter#createTask(MoRef, String, String, boolean)] may use
/// @param resources       the texts of all that, per locale
/// @param managedEntities the types that [ManagedBy] may use, with their icons
public record Extension(String key, String version, String company, String label, String summary,
        List<Server> servers,
        List<Client> clients, List<String> taskIds, List<String> eventIds, List<String> faultIds,
        List<Privilege> privileges, List<Resources> resources, List<ManagedEntity> managedEntities) {

    public Extension {
        servers = List.copyOf(servers);
        clients = List.copyOf(clients);
        taskIds = List.copyOf(taskIds);
        eventIds = List.copyOf(eventIds);
        faultIds = List.copyOf(faultIds);
        privileges = List.copyOf(privileges);
        resources = List.copyOf(resources);
        managedEntities = List.copyOf(managedEntities);
    }

    /// A server of the solution.
    ///
    /// @param url         for the first server the manifest itself
    /// @param type        `MANIFEST_SERVER` for the first one
    /// @param adminEmails whom to write to; at least one
    /// @param thumbprint  SHA-256 of the server's certificate as hexadecimal pairs with colons
    public record Server(String url, String type, List<String> adminEmails, Optional<String> thumbprint) {

        public Server {
            adminEmails = List.copyOf(adminEmails);
        }
    }

    /// A user interface of the solution.
    ///
    /// @param url  the manifest
    /// @param type `vsphere-client-remote`
    public record Client(String url, String type) {}

    /// A privilege that the solution defines.
    ///
    /// @param id    group, dot, name: `vmfinalize.Finalize`
    /// @param group the group's name
    public record Privilege(String id, String group) {}

    /// The texts of one locale.
    ///
    /// @param locale such as `en`
    /// @param module which kind of texts; `resources` for all
    /// @param texts  text by key, in the order in which they are sent
    public record Resources(String locale, String module, Map<String, String> texts) {

        public Resources {
            texts = Collections.unmodifiableMap(new LinkedHashMap<>(texts));
        }
    }

    /// A kind of virtual machine that the solution manages.
    ///
    /// @param smallIconUrl PNG of 16 × 16 pixels for the inventory
    /// @param iconUrl      PNG of up to 256 × 256 pixels for the summary
    public record ManagedEntity(String type, String smallIconUrl, String iconUrl, String description) {}
}
