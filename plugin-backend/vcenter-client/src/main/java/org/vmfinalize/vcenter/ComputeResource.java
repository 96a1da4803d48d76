package org.vmfinalize.vcenter;

import java.util.List;

/// A cluster, or the compute resource of a host that is in none.
///
/// @param cluster      whether it is a cluster
/// @param resourcePool its root resource pool
/// @param hosts        its hosts
public record ComputeResource(MoRef ref, String name, boolean cluster, MoRef resourcePool,
        List<MoRef> hosts) {

    public ComputeResource {
        hosts = List.copyOf(hosts);
    }
}
