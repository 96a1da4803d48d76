package org.vmfinalize.disk;

import java.io.IOException;

/// The disk takes no more writes, because an earlier one could not be made durable.
///
/// A failed `fsync` may have dropped what was to be written, and a second one would claim success; so the disk stays
/// read-only until the server is restarted, and what was never acknowledged as stable may be gone.
public final class DiskReadOnlyException extends IOException {

    public DiskReadOnlyException(String message, Throwable cause) {
        super(message, cause);
    }
}
