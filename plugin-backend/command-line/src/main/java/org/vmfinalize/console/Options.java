package org.vmfinalize.console;

import java.util.List;

/// The named arguments that verbs take.
public final class Options {

    static final List<String> MAKE_PERMANENT = List.of("name", "provisioning", "verify", "priority", "limit",
            "latencyGoal", "moveTo", "moveInstead", "diskProvisioning");
    static final List<String> RUN = List.of("name", "datastore", "servedFrom", "secondCopy", "resourcePool",
            "keepMacs",
            "keepUuids", "hardwareVersion", "host", "cluster", "folder", "network", "networks", "powerOn",
            "guestId", "cpus", "memory", "memoryMiB");
    /// Of the form of `run` that gives the VM to a closure.
    static final String PATIENCE = "patience";
    static final List<String> DISCARD = List.of("keepChanges");

    private Options() {}

    /// Those of a verb; none if it takes none, or is no verb of the language.
    public static List<String> of(String verb) {
        return switch (verb) {
            case "makePermanent" -> MAKE_PERMANENT;
            case "run" -> RUN;
            case "discard" -> DISCARD;
            default -> List.of();
        };
    }
}
