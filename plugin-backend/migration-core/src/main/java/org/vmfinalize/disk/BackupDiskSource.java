package org.vmfinalize.disk;

import java.io.IOException;
import org.vmfinalize.backup.BackupDisk;

/// Where a live disk finds its backup disk.
///
/// **Threads:** any number.
public interface BackupDiskSource {

    /// The backup disk, which is opened now if it is not open.
    ///
    /// @throws IOException if it is away now, or if what is there is another restore point
    BackupDisk disk() throws IOException;

    /// Tells that reading `disk` has failed, so that it may be opened anew.
    void failed(BackupDisk disk, IOException cause);

    /// Whether another copy may take over when this one is damaged or does not answer.
    boolean hasOtherCopy();

    /// The backup, for people: where it is.
    String location();
}
