package org.vmfinalize.nfs.posix;

import java.io.IOException;

/// A system call that failed.
public final class PosixException extends IOException {

    private final int errno;

    public PosixException(String operation, int errno) {
        super("%s: errno %d (%s)".formatted(operation, errno, Errno.describe(errno)));
        this.errno = errno;
    }

    /// One of the numbers in [Errno], or another one of `errno(3)`.
    public int errno() {
        return errno;
    }
}
