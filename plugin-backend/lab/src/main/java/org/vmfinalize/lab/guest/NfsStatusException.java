package org.vmfinalize.lab.guest;

import java.io.IOException;

/// The file server answered a call with an error.
public final class NfsStatusException extends IOException {

    static final int NO_SPACE = 28;
    static final int TRY_LATER = 10008;

    private final int status;

    NfsStatusException(String call, int status) {
        super("%s: the file server answered with error %d%s".formatted(call, status, name(status)));
        this.status = status;
    }

    /// The `nfsstat3` of the answer (RFC 1813, section 2.6).
    public int status() {
        return status;
    }

    private static String name(int status) {
        return switch (status) {
            case 1 -> " (not owner)";
            case 2 -> " (no such file)";
            case 5 -> " (I/O error)";
            case 13 -> " (permission denied)";
            case 22 -> " (invalid argument)";
            case NO_SPACE -> " (no space left)";
            case 30 -> " (read-only file system)";
            case 70 -> " (stale file handle)";
            case 10001 -> " (bad file handle)";
            case 10006 -> " (server fault)";
            case TRY_LATER -> " (try again later)";
            default -> "";
        };
    }
}
