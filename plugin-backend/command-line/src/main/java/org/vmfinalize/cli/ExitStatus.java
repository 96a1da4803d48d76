package org.vmfinalize.cli;

/// What a command's exit status means to scripts. The numbers do not change from version to version.
enum ExitStatus {
    /// What was asked for is done, or is under way if it was not to be waited for.
    DONE(0, "Done, or under way with --no-wait."),
    /// The server refused, the job failed, or the machine is complete but was not moved.
    FAILED(1, "The server refused, the job failed, or the VM was not moved."),
    /// The command line makes no sense; nothing was asked.
    USAGE(2, "The command line makes no sense; nothing was asked."),
    /// The server cannot be reached, or shows a certificate that is not trusted.
    UNREACHABLE(3, "The server cannot be reached, or is not trusted."),
    /// There is no session, it is over, or the user lacks a privilege.
    NOT_ALLOWED(4, "No session, or a privilege is missing."),
    /// There is no such VM, backup or finalization, or the name fits several.
    NOT_FOUND(5, "No such VM, backup or finalization, or several of that name."),
    /// The job was cancelled.
    CANCELLED(6, "The job was cancelled."),
    /// Interrupted by the user; a job that was being watched goes on.
    INTERRUPTED(130, "Interrupted; the job goes on.");

    private final int number;
    private final String meaning;

    ExitStatus(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    int number() {
        return number;
    }

    /// For people.
    String meaning() {
        return meaning;
    }
}
