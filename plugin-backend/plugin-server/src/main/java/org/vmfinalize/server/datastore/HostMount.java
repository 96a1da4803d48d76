package org.vmfinalize.server.datastore;

import org.vmfinalize.vcenter.Datastore.NfsExport;
import org.vmfinalize.vcenter.MoRef;

/// A datastore of ours that a host was told to mount.
///
/// @param datastore  its name in vCenter
/// @param remoteHost how the host was told to reach this server
/// @param remotePath the exported path
public record HostMount(MoRef host, String datastore, String remoteHost, String remotePath) {

    /// Whether a datastore of vCenter's is the one that was to be mounted.
    public boolean is(org.vmfinalize.vcenter.Datastore known) {
        return known.name().equals(datastore)
                && known.nfs().filter(new NfsExport(remoteHost, remotePath)::equals).isPresent();
    }
}
