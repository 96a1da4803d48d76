package org.vmfinalize.backup;

import java.io.IOException;

/// Opens the backups of one format. Published as an OSGi service, one object per format.
///
/// **Threads:** any number may call it at the same time.
public interface BackupFormat {

    /// The format's name, such as `qcow2`: lower case, unique among the formats loaded.
    String name();

    /// How surely `file` is of this format: 0 is "no", 100 is "by its magic number". A format that takes anything, as
    /// raw does, answers 1. Reads some bytes at most.
    int recognises(BackupFile file) throws IOException;

    /// Opens the backup whose top is `file`.
    ///
    /// The backup owns `file` from here on and closes it, also when opening fails.
    ///
    /// @throws NotAnImageException if the file is no backup of this format at all
    /// @throws FormatException if the file, or one that it needs, is damaged or uses what this format cannot read
    /// @throws IOException if it cannot be read now
    Backup open(BackupFile file) throws IOException;
}
