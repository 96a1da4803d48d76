package org.vmfinalize.lab.vcenter;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.vmfinalize.lab.vcenter.Value.Data;
import org.vmfinalize.lab.vcenter.Value.Ref;

/// The service itself, sessions, and what users may do.
final class SessionMethods {

    static final String API_VERSION = "8.0.3.0";

    private final World world;
    private final Sessions sessions;
    private final Seeds seeds;
    private final String instanceUuid;

    SessionMethods(World world, Sessions sessions, Seeds seeds, String instanceUuid) {
        this.world = world;
        this.sessions = sessions;
        this.seeds = seeds;
        this.instanceUuid = instanceUuid;
    }

    void addTo(Methods methods) {
        methods.add("Logout", "SessionManager", Methods.ANY_USER, in -> {
            sessions.close(in.session());
            return List.of();
        });
        methods.add("CurrentTime", "ServiceInstance", Methods.ANY_USER,
                _ -> List.of(Value.text(Instant.now().toString())));
        methods.add("AcquireCloneTicket", "SessionManager", Methods.ANY_USER,
                in -> List.of(Value.text(sessions.cloneTicket(in.user()))));
        methods.add("HasPrivilegeOnEntities", "AuthorizationManager", Methods.ANY_USER, this::hasPrivilege);
    }

    private List<Data> hasPrivilege(Methods.Invocation in) {
        var user = sessions.withKey(in.request().text("sessionId"))
                .orElseThrow(() -> LabFault.invalidArgument("sessionId")).user();
        var answers = new ArrayList<Data>();
        for (var entity : in.request().parameters().all("entity")) {
            var granted = in.request().parameters().all("privId").stream()
                    .map(privilege -> ((Value.Scalar) privilege).text())
                    .map(privilege -> Value.data("PrivilegeAvailability", "privId", privilege, "isGranted",
                            user.may(privilege)))
                    .toList();
            world.get((Ref) entity);
            answers.add(Value.data("EntityPrivilege", "entity", entity, "privAvailability", granted));
        }
        return answers;
    }

    /// What everybody may ask before a session.
    Data serviceContent() {
        return Value.data("ServiceContent", "rootFolder", seeds.rootFolder(), "propertyCollector",
                ref("PropertyCollector", "propertyCollector"), "viewManager",
                ref("ViewManager", "ViewManager"), "about",
                Value.data("AboutInfo", "name", "VMware vCenter Server", "fullName", "vm-finalize lab",
                        "vendor",
                        "vm-finalize", "version", "8.0.3", "build", "0", "apiType", "VirtualCenter",
                        "apiVersion",
                        API_VERSION, "instanceUuid", instanceUuid),
                "sessionManager", ref("SessionManager", "SessionManager"), "authorizationManager",
                ref("AuthorizationManager", "AuthorizationManager"), "taskManager",
                ref("TaskManager", "TaskManager"),
                "extensionManager", ref("ExtensionManager", "ExtensionManager"),
                "alarmManager", ref("AlarmManager", "AlarmManager"), "vmProvisioningChecker",
                RelocationMethods.CHECKER);
    }

    private static Ref ref(String type, String id) {
        return new Ref(type, id);
    }
}
