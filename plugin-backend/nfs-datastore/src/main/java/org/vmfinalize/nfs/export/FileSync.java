package org.vmfinalize.nfs.export;

import java.io.IOException;
import org.vmfinalize.nfs.posix.Posix;

/// Makes open files durable, so that tests can have it fail.
///
/// **Threads:** any number.
public interface FileSync {

    /// The system's own.
    FileSync SYSTEM = (fd, metadata) -> {
        if (metadata) {
            Posix.sync(fd);
        } else {
            Posix.syncData(fd);
        }
    };

    /// Makes durable what was written to `fd`.
    ///
    /// @param metadata whether also what is not needed to read the data
    void sync(int fd, boolean metadata) throws IOException;
}
