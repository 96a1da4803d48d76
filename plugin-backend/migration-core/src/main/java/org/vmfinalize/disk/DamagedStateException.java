package org.vmfinalize.disk;

import java.io.IOException;

/// What is stored about a live disk contradicts itself or its flat file, so that using it could return wrong bytes.
public final class DamagedStateException extends IOException {

    public DamagedStateException(String message) {
        super(message);
    }

    public DamagedStateException(String message, Throwable cause) {
        super(message, cause);
    }
}
