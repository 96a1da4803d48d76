package org.vmfinalize.disk;

import java.io.IOException;

/// The datastore's file system is full, or its quota is used up. Nothing is corrupted; trying again after space was
/// freed helps.
public final class NoSpaceException extends IOException {

    public NoSpaceException(String message, Throwable cause) {
        super(message, cause);
    }
}
