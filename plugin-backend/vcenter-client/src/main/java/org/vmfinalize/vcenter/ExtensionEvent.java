package org.vmfinalize.vcenter;

import java.util.Map;

/// Something that an extension says has happened to a virtual machine or a host, for vCenter's list of events.
///
/// @param typeId    one of the event types of a registered extension, such as `org.example.solution.started`
/// @param severity  how vCenter shows it
/// @param message   what is shown where the reader's language has no text for the type
/// @param arguments what the type's text may name in braces
public record ExtensionEvent(String typeId, Severity severity, String message,
        Map<String, String> arguments) {

    public ExtensionEvent {
        arguments = Map.copyOf(arguments);
    }

    /// How bad it is.
    public enum Severity {
        INFO, WARNING, ERROR
    }
}
