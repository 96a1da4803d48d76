package org.vmfinalize.lab;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A VM that runs from a backup, as the plugin server's REST API tells.
record InstantVm(String id, String name, String powerState, Backup backup, String datastore, List<Disk> disks,
        @Nullable String finalization) {

    /// The backup it runs from.
    record Backup(String location, String format, String identity, boolean open) {}

    /// One of its disks; `file` is the descriptor or flat file in the datastore.
    record Disk(String name, String file, long sizeBytes, long localBytes, long toDoBytes) {}
}
