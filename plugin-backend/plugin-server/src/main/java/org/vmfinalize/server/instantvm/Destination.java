package org.vmfinalize.server.instantvm;

import java.util.List;
import org.vmfinalize.vcenter.Host;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.Network;

/// Where a machine may go in vCenter.
///
/// @param computeResource the cluster, or the compute resource of a single host
/// @param hosts those that it may run on first, usable all
/// @param neighbours all connected hosts of the compute resource, which it may be moved to later
/// @param pool its resource pool
/// @param folder its folder
/// @param networks those that one of `hosts` has
record Destination(MoRef computeResource, List<Host> hosts, List<Host> neighbours, MoRef pool, MoRef folder,
        List<Network> networks) {}
