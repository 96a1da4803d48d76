package org.vmfinalize.vcenter;

import java.util.List;
import java.util.Optional;

/// A datastore, as vCenter knows it.
///
/// @param type          such as `NFS`, `VMFS`, `vsan`
/// @param capacityBytes as vCenter saw it last; 0 while it is not accessible
/// @param freeBytes     as vCenter saw it last
/// @param accessible    whether at least one host reaches it
/// @param nfs           the export that it is, if it is one
/// @param hosts         the hosts that have it mounted
/// @param cutOff        those of them that do not reach it now
public record Datastore(MoRef ref, String name, String type, long capacityBytes, long freeBytes,
        boolean accessible,
        Optional<NfsExport> nfs, List<MoRef> hosts, List<MoRef> cutOff) {

    public Datastore {
        hosts = List.copyOf(hosts);
        cutOff = List.copyOf(cutOff);
    }

    /// What an NFS datastore is mounted from.
    ///
    /// @param remoteHost the server's name or address
    /// @param remotePath the exported path
    public record NfsExport(String remoteHost, String remotePath) {}
}
