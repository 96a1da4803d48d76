package org.vmfinalize.server.finalization;

import org.jspecify.annotations.Nullable;
import org.vmfinalize.server.vcenter.VmFinalizeKeys;
import org.vmfinalize.server.vcenter.VmNotes;
import org.vmfinalize.vcenter.ExtensionEvent.Severity;
import org.vmfinalize.vcenter.MoRef;

/// Posts an event on the machine whenever its finalization begins, is paused, goes on, or ends: each once, but for a
/// restart of the server and an answer of vCenter that was lost.
///
/// **Threads:** one at a time.
final class EventReport {

    private final VmNotes notes;
    private final MoRef vm;
    private boolean startSaid;
    private boolean endSaid;
    private boolean pauseSaid;
    private boolean notMovedSaid;

    /// @param goesOn whether it was begun before the server was started
    EventReport(VmNotes notes, MoRef vm, boolean goesOn) {
        this.notes = notes;
        this.vm = vm;
        this.startSaid = goesOn;
    }

    /// Says what has changed.
    void follow(FinalizationView view) {
        if (!startSaid) {
            notes.event(vm, VmFinalizeKeys.EVENT_STARTED, Severity.INFO,
                    "Finalization started by " + view.initiator(), view.initiator());
            startSaid = true;
        }
        boolean paused = view.state().equals("paused");
        if (paused == pauseSaid) {
            return;
        }
        if (paused) {
            var reason = view.pauseReason() == null ? "by a user" : view.pauseReason();
            notes.event(vm, VmFinalizeKeys.EVENT_PAUSED, Severity.WARNING, "Finalization paused: " + reason,
                    reason);
        } else {
            notes.event(vm, VmFinalizeKeys.EVENT_RESUMED, Severity.INFO, "Finalization goes on", null);
        }
        pauseSaid = paused;
    }

    /// @param move how it was moved, if it was to be
    void completed(@Nullable Move move) {
        if (move != null && !move.wasMoved() && !notMovedSaid) {
            var why = String.valueOf(move.failure());
            notes.event(vm, VmFinalizeKeys.EVENT_NOT_MOVED, Severity.WARNING,
                    "Not moved to datastore %s: %s".formatted(move.name(), why), why);
            notMovedSaid = true;
        }
        end(VmFinalizeKeys.EVENT_FINALIZED, Severity.INFO,
                "Finalized: all its data are on its datastore and the backup is not needed any more", null);
    }

    void cancelled() {
        end(VmFinalizeKeys.EVENT_CANCELLED, Severity.WARNING,
                "Finalization cancelled; the machine goes on running from its backup", null);
    }

    void failed(String why) {
        end(VmFinalizeKeys.EVENT_FAILED, Severity.ERROR, "Finalization failed: " + why, why);
    }

    private void end(String type, Severity severity, String message, @Nullable String reason) {
        if (!endSaid) {
            notes.event(vm, type, severity, message, reason);
            endSaid = true;
        }
    }
}
