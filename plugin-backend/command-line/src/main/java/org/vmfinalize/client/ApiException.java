package org.vmfinalize.client;

import java.io.IOException;

/// The server was reached and refused: problem details of RFC 9457.
public final class ApiException extends IOException {

    private final String type;
    private final int status;

    ApiException(String type, int status, String detail) {
        super(detail);
        this.type = type;
        this.status = status;
    }

    /// The kind of problem, which does not change from version to version: the last part of RFC 9457's `type`, such as
    /// `name-taken`; `about:blank` if the server did not say.
    public String type() {
        return type;
    }

    /// The HTTP status.
    public int status() {
        return status;
    }
}
