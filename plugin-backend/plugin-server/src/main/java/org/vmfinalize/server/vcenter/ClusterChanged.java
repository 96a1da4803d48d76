package org.vmfinalize.server.vcenter;

import java.util.Set;
import org.vmfinalize.vcenter.MoRef;

/// Which hosts a cluster that is followed has now.
public record ClusterChanged(MoRef cluster, Set<MoRef> hosts) {

    public ClusterChanged {
        hosts = Set.copyOf(hosts);
    }
}
