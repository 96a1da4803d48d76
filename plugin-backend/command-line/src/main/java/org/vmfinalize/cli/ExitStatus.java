package org.vmfinalize.cli;

/// What a command's exit status means to scripts. The numbers do not change from version to version.
enum ExitStatus {
    /// What was asked for is done, or is under way if it was not to be waited for.
    DONE(0),
    /// The server refused, or the job failed.
    FAILED(1),
    /// The command line makes no sense; nothing was asked.
    USAGE(2),
    /// The server cannot be reached, or shows a certificate that is not trusted.
    UNREACHABLE(3),
    /// There is no session, it is over, or the user lacks a privilege.
    NOT_ALLOWED(4),
    /// There is no such VM, backup or finalization, or the name fits several.
    NOT_FOUND(5),
    /// The job was cancelled.
    CANCELLED(6),
    /// Interrupted by the user; a job that was being watched goes on.
    INTERRUPTED(130);

    private final int number;

    ExitStatus(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }
}
