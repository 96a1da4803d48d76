package org.vmfinalize.server.instantvm;

import java.util.Optional;

/// Knows restore points by their ids.
public interface RestorePointIds {

    /// Where the restore point is; empty if there is none of that id.
    Optional<String> location(String id);

    /// What the backup at a location calls its machine, as it was seen last.
    Optional<String> vmName(String location);
}
