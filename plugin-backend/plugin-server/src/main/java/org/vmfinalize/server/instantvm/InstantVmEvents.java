package org.vmfinalize.server.instantvm;

import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.vmfinalize.server.events.Events;

/// Tells all who listen which machines begin and end to run from a backup.
@Component
class InstantVmEvents {

    private final Events events;

    InstantVmEvents(Events events) {
        this.events = events;
    }

    /// The machine is there.
    record Started(String id, String name, String datastore) {}

    /// Nothing of the machine needs its backup any more.
    ///
    /// @param kept whether it has all its data now; else it was thrown away
    record Ended(String id, boolean kept) {}

    @EventListener
    void held(BackupHeld held) {
        var vm = held.vm();
        events.tellOf(vm.vmId(), "instant-vm-started", new Started(vm.vmId(), vm.name(), vm.datastore()));
    }

    /// To everybody: of a machine that is gone vCenter does not tell any more who might see it, and its id alone says
    /// nothing.
    @EventListener
    void released(BackupReleased released) {
        events.tell("instant-vm-ended", new Ended(released.vm().vmId(), released.kept()));
    }
}
