package org.vmfinalize.cli;

/// A command cannot be done. The message is one line for the user: which thing, why, what to do.
final class CommandException extends RuntimeException {

    private final ExitStatus status;

    CommandException(ExitStatus status, String message) {
        super(message);
        this.status = status;
    }

    ExitStatus status() {
        return status;
    }
}
