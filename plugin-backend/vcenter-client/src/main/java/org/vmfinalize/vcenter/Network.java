package org.vmfinalize.vcenter;

import java.util.List;
import java.util.Optional;

/// A network that virtual machines can be connected to.
///
/// @param portgroup where it is on a distributed switch; empty for a network of a standard switch
/// @param hosts     the hosts that have it
public record Network(MoRef ref, String name, Optional<Portgroup> portgroup, List<MoRef> hosts) {

    public Network {
        hosts = List.copyOf(hosts);
    }

    /// A port group of a distributed switch.
    ///
    /// @param switchUuid which switch
    /// @param key        which port group
    public record Portgroup(String switchUuid, String key) {}
}
