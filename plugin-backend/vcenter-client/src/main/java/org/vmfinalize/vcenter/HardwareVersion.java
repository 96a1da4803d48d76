package org.vmfinalize.vcenter;

import java.util.List;

/// A version of the virtual hardware that a compute resource knows.
///
/// @param key       such as `vmx-19`
/// @param creatable whether machines of this version may be created
/// @param hosts     the hosts that know it; none: all
public record HardwareVersion(String key, boolean creatable, List<MoRef> hosts) {

    public HardwareVersion {
        hosts = List.copyOf(hosts);
    }
}
