package org.vmfinalize.console;

/// A line of a script cannot be done. The message is one line: which thing, why, what to do.
public final class ConsoleException extends RuntimeException {

    ConsoleException(String message) {
        super(message);
    }

    ConsoleException(String message, Throwable cause) {
        super(message, cause);
    }
}
