package org.vmfinalize.vcenter;

import java.util.Optional;

/// A virtual machine of the inventory, as it was when it was read.
///
/// @param name       as people see it: what vCenter escapes (`%2f`, `%5c`, `%25`) is decoded
/// @param managedBy  the solution that manages it, if any
/// @param vmPathName the place of its configuration file, such as `[nfs1] db1/db1.vmx`; empty while vCenter does not
///                   know it (the host is away, the machine is orphaned)
public record VirtualMachine(MoRef ref, String name, PowerState powerState, Optional<ManagedBy> managedBy,
        String vmPathName) {}
