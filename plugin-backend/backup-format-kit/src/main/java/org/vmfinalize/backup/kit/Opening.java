package org.vmfinalize.backup.kit;

import java.io.IOException;
import org.vmfinalize.backup.Backup;
import org.vmfinalize.backup.BackupFormat;

/// A sample that is about to be opened by its format.
record Opening(BackupFormat format, Sample.Made made) {

    Backup open() throws IOException {
        return open(new SampleFolder());
    }

    Backup open(SampleFolder folder) throws IOException {
        return format.open(folder.open(made.top()));
    }
}
