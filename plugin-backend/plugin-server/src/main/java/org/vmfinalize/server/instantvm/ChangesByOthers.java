package org.vmfinalize.server.instantvm;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.vmfinalize.server.events.Events;
import org.vmfinalize.server.vcenter.VmChanged;
import org.vmfinalize.server.vcenter.VmGone;

/// Keeps up with what others do in vCenter to machines that run from a backup, and tells all who listen.
///
/// Nothing is ever deleted on the strength of that: a machine that left the inventory may be registered again.
///
/// **Threads:** the watch's, and those that follow machines; one at a time.
@Component
class ChangesByOthers {

    private static final Logger LOG = LoggerFactory.getLogger(ChangesByOthers.class);

    private final InstantVms instantVms;
    private final Events events;
    private final Map<String, Changed> told = new ConcurrentHashMap<>();

    ChangesByOthers(InstantVms instantVms, Events events) {
        this.instantVms = instantVms;
        this.events = events;
    }

    /// How vCenter shows the machine now.
    ///
    /// @param powerState in vSphere's words; null if the machine is not in the inventory any more
    record Changed(String id, String name, @Nullable String powerState) {}

    @EventListener
    void changed(VmChanged event) {
        var seen = event.vm();
        var id = seen.ref().value();
        instantVms.find(id).ifPresent(vm -> {
            if (!seen.name().isEmpty() && !seen.name().equals(vm.name())) {
                LOG.info("VM {} ({}): it is called {} in vCenter now", vm.name(), id, seen.name());
                instantVms.renamed(vm, seen.name());
            }
            var now = new Changed(id, seen.name(), InstantVmView.powerState(seen));
            var before = told.put(id, now);
            if (before != null && !before.equals(now)) {
                events.tellOf(id, "instant-vm-changed", now);
            }
        });
    }

    /// To everybody, as the end of a machine is: vCenter does not tell any more who might see it.
    @EventListener
    void gone(VmGone event) {
        var id = event.vm().value();
        told.remove(id);
        instantVms.find(id).filter(_ -> !instantVms.isDiscarding(id)).ifPresent(vm -> {
            LOG.warn(
                    "VM {} ({}): somebody took it out of vCenter's inventory; its disks in [{}] {} stay, and its backup is still needed for them: register it again and run 'vm-finalize doctor --repair', or discard it, with its changes kept if they are needed",
                    vm.name(), id, vm.datastore(), vm.folder());
            events.tell("instant-vm-changed", new Changed(id, "", null));
        });
    }

    @EventListener
    void released(BackupReleased event) {
        told.remove(event.vm().vmId());
    }
}
