package org.vmfinalize.server.instantvm;

import java.util.Optional;

/// Knows restore points by their ids.
@FunctionalInterface
public interface RestorePointIds {

    /// Where the restore point is; empty if there is none of that id.
    Optional<String> location(String id);
}
