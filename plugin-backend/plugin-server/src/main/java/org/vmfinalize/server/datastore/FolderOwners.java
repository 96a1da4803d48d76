package org.vmfinalize.server.datastore;

import java.util.Optional;

/// Whose the folders of the datastores are.
public interface FolderOwners {

    /// The instant VM whose disks lie in that folder.
    Optional<Owner> of(String datastore, String folder);

    /// A machine.
    ///
    /// @param vmId its managed object id
    /// @param initiator who had it made
    record Owner(String vmId, String initiator) {}
}
