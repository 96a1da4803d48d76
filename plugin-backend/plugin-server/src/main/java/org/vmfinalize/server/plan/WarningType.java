package org.vmfinalize.server.plan;

import java.net.URI;
import java.util.Locale;

/// The kinds of warnings that plans know. The kind is what clients decide by: its URI does not change.
public enum WarningType {
    /// A machine that is still there has the same UUID.
    UUID_CLASH("UUID in use", "Power the other one off, or have a new UUID made."),
    /// A machine that is still there has the same MAC address.
    MAC_CLASH("MAC address in use", "Power the other one off, or disconnect one of them."),
    /// A host of the cluster does not reach the datastore.
    HOST_NOT_REACHABLE("Datastore not on every host",
            "See that the host is connected and reaches the server's NFS ports; until then keep the machine off it."),
    /// The backup describes something that the new machine will not have.
    BACKUP_REMARK("Not as the original", "Look whether the machine needs it."),
    /// vSphere has something to say about the move to another datastore.
    MOVE_REMARK("Remark of vSphere on the move", "Look whether that matters for the machine."),
    /// A network card will not be connected.
    NETWORK_CARD("Network card not connected", "Name a network for it."),
    /// Somebody has taken the machine out of vCenter's inventory.
    NOT_IN_INVENTORY("Machine not in vCenter",
            "Register its .vmx file again and have the doctor repair if it is still needed.");

    private final String title;
    private final String remedy;

    WarningType(String title, String remedy) {
        this.title = title;
        this.remedy = remedy;
    }

    /// What it is, in few words.
    public String title() {
        return title;
    }

    /// What to do about it, as a sentence.
    public String remedy() {
        return remedy;
    }

    /// `/warnings/` and the name in kebab case.
    public URI uri() {
        return URI.create("/warnings/" + name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }
}
