package org.vmfinalize.client;

import java.io.IOException;

/// Nobody answers at the server's address, or not in time.
public final class UnreachableException extends IOException {

    UnreachableException(String message, Throwable cause) {
        super(message, cause);
    }
}
