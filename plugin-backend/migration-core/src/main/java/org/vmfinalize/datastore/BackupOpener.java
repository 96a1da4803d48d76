package org.vmfinalize.datastore;

import java.io.IOException;
import org.vmfinalize.backup.Backup;

/// Opens backups, whatever their format.
///
/// **Threads:** any number.
@FunctionalInterface
public interface BackupOpener {

    /// Opens a backup. The caller closes it.
    ///
    /// @throws org.vmfinalize.backup.FormatException if it is there but no sound backup
    /// @throws IOException if it cannot be had now
    Backup open(BackupReference reference) throws IOException;
}
