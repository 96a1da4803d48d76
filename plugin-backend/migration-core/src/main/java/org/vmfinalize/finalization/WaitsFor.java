package org.vmfinalize.finalization;

import java.io.IOException;
import org.vmfinalize.disk.BackupUnavailableException;
import org.vmfinalize.disk.NoSpaceException;

/// What a finalization waits for, for programs; its reason says the same to people, with names and numbers.
public enum WaitsFor {
    /// That the user resumes it.
    USER,
    /// That the backup can be read again.
    BACKUP,
    /// Room on the datastore.
    SPACE,
    /// That the datastore works again.
    DATASTORE;

    static WaitsFor after(IOException failure) {
        return switch (failure) {
            case BackupUnavailableException _ -> BACKUP;
            case NoSpaceException _ -> SPACE;
            default -> DATASTORE;
        };
    }
}
