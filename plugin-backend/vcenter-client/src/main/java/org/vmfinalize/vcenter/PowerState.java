package org.vmfinalize.vcenter;

/// Whether a virtual machine runs.
public enum PowerState {
    POWERED_ON, POWERED_OFF, SUSPENDED,

    /// Not told, or a word that this client does not know. No error: servers are newer than clients.
    UNKNOWN;

    /// The state that the API calls `text`.
    public static PowerState of(String text) {
        return switch (text) {
            case "poweredOn" -> POWERED_ON;
            case "poweredOff" -> POWERED_OFF;
            case "suspended" -> SUSPENDED;
            default -> UNKNOWN;
        };
    }
}
