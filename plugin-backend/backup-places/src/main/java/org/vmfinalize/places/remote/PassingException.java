package org.vmfinalize.places.remote;

import java.io.IOException;
import java.time.Duration;

/// A place could not answer now, and may answer the same question in a moment.
public final class PassingException extends IOException {

    private final Duration after;

    public PassingException(String message) {
        this(message, Duration.ZERO);
    }

    /// @param after how long the place asks to be left alone
    public PassingException(String message, Duration after) {
        super(message);
        this.after = after;
    }

    public PassingException(String message, Throwable cause) {
        super(message, cause);
        this.after = Duration.ZERO;
    }

    Duration after() {
        return after;
    }
}
