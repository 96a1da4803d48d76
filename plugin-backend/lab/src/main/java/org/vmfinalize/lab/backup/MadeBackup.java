package org.vmfinalize.lab.backup;

import java.nio.file.Path;
import java.util.List;

/// A backup that [BackupMaker] made.
///
/// @param top the incremental image, whose backing file is the full one
/// @param files both images, the top first
/// @param content what it must read as
/// @param sha256 of the whole disk, computed from what was written; lower-case hexadecimal
public record MadeBackup(Path top, List<Path> files, BackupContent content, String sha256) {

    public MadeBackup {
        files = List.copyOf(files);
    }
}
