package org.vmfinalize.nfs.export;

import java.io.IOException;

/// A request that is answered with an error of the protocol.
///
/// These are ordinary answers, such as "no such file", so no stack trace is taken.
public final class NfsException extends IOException {

    private final NfsStatus status;

    public NfsException(NfsStatus status) {
        super("NFS3ERR_" + status);
        this.status = status;
    }

    public NfsStatus status() {
        return status;
    }

    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
