package org.vmfinalize.server.vcenter;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.vmfinalize.vcenter.ExtensionEvent;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.VCenterFault;
import org.vmfinalize.vcenter.VCenterUnavailableException;

/// What is noted in vCenter for people to read: events on a machine or on a host that it may come to, and the attribute that
/// names a machine's backup.
///
/// A vCenter that refuses a note is no reason to hold up the work: that is logged and left at that.
///
/// **Threads:** any number. Methods throw [VCenterUnavailableException] if vCenter is away.
@Component
public class VmNotes {

    private static final Logger LOG = LoggerFactory.getLogger(VmNotes.class);

    private final ServiceAccount vcenter;

    VmNotes(ServiceAccount vcenter) {
        this.vcenter = vcenter;
    }

    /// Posts an event of a machine.
    ///
    /// @param type   one of [VmFinalizeKeys#EVENTS]
    /// @param reason what the event's text shows as `{reason}`; null if it shows none
    public void event(MoRef vm, String type, ExtensionEvent.Severity severity, String message,
            @Nullable String reason) {
        event(vm, new ExtensionEvent(type, severity, message,
                reason == null ? Map.of() : Map.of("reason", reason)));
    }

    /// Posts an event of a machine or of a host.
    public void event(MoRef object, ExtensionEvent event) {
        attempt(object, "the event " + event.typeId(), () -> vcenter.ask(session -> {
            session.postEvent(object, event);
            return object;
        }));
    }

    /// Says that a machine runs from a backup: the attribute with the backup's name and time, and an event. It runs already:
    /// a vCenter that goes away now is no reason to undo that.
    public void runsFrom(MoRef vm, String backup, @Nullable Instant takenAt) {
        var text = takenAt == null ? backup : backup + ", " + takenAt;
        try {
            attempt(vm, "the name of its backup", () -> vcenter.ask(session -> {
                session.setAttribute(vm, VmFinalizeKeys.ATTRIBUTE_BACKUP, text);
                return vm;
            }));
            event(vm, VmFinalizeKeys.EVENT_RUNS, ExtensionEvent.Severity.INFO, "Runs from the backup " + text,
                    text);
        } catch (VCenterUnavailableException e) {
            LOG.warn("VM {}: it runs from {}, but vCenter was not told the name: {}", vm.value(), text,
                    e.getMessage());
        }
    }

    /// Clears the attribute.
    public void runsByItself(MoRef vm) {
        attempt(vm, "that it needs no backup any more", () -> vcenter.ask(session -> {
            session.setAttribute(vm, VmFinalizeKeys.ATTRIBUTE_BACKUP, "");
            return vm;
        }));
    }

    private static void attempt(MoRef object, String what, Runnable note) {
        try {
            note.run();
        } catch (VCenterFault fault) {
            LOG.info("{}: vCenter does not take {}; nothing else depends on it: {}", object.value(), what,
                    fault.getMessage());
        }
    }
}
