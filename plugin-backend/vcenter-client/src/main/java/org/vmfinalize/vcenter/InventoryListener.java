package org.vmfinalize.vcenter;

import java.util.Set;

/// Hears of changes in the inventory. Calls come one after the other; an exception would end the watch.
public interface InventoryListener {

    /// How a virtual machine is now: when it begins to be followed, and when its name, power state, manager or
    /// place has changed.
    void changed(VirtualMachine vm);

    /// How a task is now: when it begins to be followed, and when that has changed.
    void changed(MoRef task, TaskStatus status);

    /// How a host is now: when it begins to be followed, and when its name, its connection or its place has changed.
    default void changed(Host host) {}

    /// Which hosts a cluster has now: when it begins to be followed, and when it has others.
    default void changed(MoRef cluster, Set<MoRef> hosts) {}

    /// Something is not in the inventory any more, or vCenter has forgotten a task. It is not followed any longer.
    void removed(MoRef object);

    /// Changes are not heard for the moment; watching goes on by itself, and what was missed is told afterwards.
    void interrupted(VCenterException why);

    /// Changes are heard, from now on or again; all that is followed was told as it is now.
    void upToDate();
}
