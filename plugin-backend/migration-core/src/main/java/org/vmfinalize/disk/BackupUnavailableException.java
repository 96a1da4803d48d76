package org.vmfinalize.disk;

import java.io.IOException;

/// The backup could not be read in time, so that blocks which are not local cannot be had now.
///
/// Trying again later may help. Local blocks and writes are not concerned.
public final class BackupUnavailableException extends IOException {

    public BackupUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
