package org.vmfinalize.vcenter;

import java.util.List;
import java.util.Optional;

/// What keeps a host from letting go of a datastore, as far as the user may see it.
///
/// @param machines the names of the virtual machines on the host that have files open there, or registered
/// @param heartbeat whether vSphere HA takes its heartbeats from the datastore
/// @param storageIoControl whether Storage I/O Control is enabled on it
/// @param storageDrs the name of the datastore cluster that it is in, if Storage DRS runs that
public record UnmountObstacles(List<String> machines, boolean heartbeat, boolean storageIoControl,
        Optional<String> storageDrs) {

    /// Nothing is known that would.
    public static final UnmountObstacles NONE = new UnmountObstacles(List.of(), false, false,
            Optional.empty());

    public UnmountObstacles {
        machines = List.copyOf(machines);
    }
}
