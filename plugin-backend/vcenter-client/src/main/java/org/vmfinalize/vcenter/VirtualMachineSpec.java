package org.vmfinalize.vcenter;

import java.util.Map;
import java.util.Optional;

/// A virtual machine to be created on disks that exist already.
///
/// @param name        as people shall see it; see [VCenter#rename(MoRef, String)] for what a name may be
/// @param hardware    what it consists of
/// @param home        the folder of its configuration file, on a datastore that its host mounts; the datastore's root
///                    lets vCenter make a folder of the machine's name
/// @param managedBy   the solution that manages it from its first moment on
/// @param extraConfig further settings, by their keys
/// @param placement   where it goes in the inventory
public record VirtualMachineSpec(String name, VirtualHardware hardware, DatastorePath home,
        Optional<ManagedBy> managedBy, Map<String, String> extraConfig, Placement placement) {

    public VirtualMachineSpec {
        extraConfig = Map.copyOf(extraConfig);
    }

    /// Where a virtual machine goes.
    ///
    /// @param folder a folder for virtual machines
    /// @param pool   the resource pool, of the same compute resource as the host
    /// @param host   where it runs first
    public record Placement(MoRef folder, MoRef pool, MoRef host) {}
}
