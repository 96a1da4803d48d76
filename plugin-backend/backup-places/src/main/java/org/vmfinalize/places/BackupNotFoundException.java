package org.vmfinalize.places;

import java.io.IOException;

/// A backup's location names no file that can be read: it is not there, is a folder or a device, or must not be read.
///
/// The message is one line that says which, and what to do about it.
public final class BackupNotFoundException extends IOException {

    public BackupNotFoundException(String message) {
        super(message);
    }

    public BackupNotFoundException(String message, Throwable cause) {
        super(message, cause);
    }
}
