package org.vmfinalize.vcenter;

import java.util.Collection;
import java.util.List;

/// A running watch of virtual machines, tasks, hosts and clusters, all of them by one long poll. Closing ends it and waits
/// until the listener is not called any more.
///
/// **Threads:** any number.
public interface InventoryWatch extends AutoCloseable {

    /// Follows objects: the listener is told how they are, and every change. What is followed already stays so. While vCenter is
    /// away they are only noted.
    ///
    /// @throws IllegalArgumentException if one of them is something else
    void follow(Collection<MoRef> objects);

    /// Follows one object more.
    default void follow(MoRef object) {
        follow(List.of(object));
    }

    /// Follows an object no longer. A change that is on its way may still be told.
    void leave(MoRef object);

    @Override
    void close();
}
