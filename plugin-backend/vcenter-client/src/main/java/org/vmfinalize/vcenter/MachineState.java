package org.vmfinalize.vcenter;

import java.util.Optional;

/// What changes of a virtual machine while it runs.
///
/// @param host   where it runs, or would be started
/// @param folder where people find it; empty if it is in none that the user may see
/// @param guest  what VMware Tools told last
public record MachineState(Optional<MoRef> host, Optional<MoRef> folder, Guest guest) {

    /// What VMware Tools told vCenter of the guest; nothing of it is known before they run.
    ///
    /// @param ipAddress   the guest's first address, IPv4 or IPv6
    /// @param hostName    as the guest calls itself
    /// @param toolsStatus vSphere's word, such as `guestToolsRunning`
    public record Guest(Optional<String> ipAddress, Optional<String> hostName,
            Optional<String> toolsStatus) {}
}
