package org.vmfinalize.lab;

import java.io.IOException;

/// The plugin server refused a request; the message is the problem's detail (RFC 9457).
final class PluginProblemException extends IOException {

    private final String type;
    private final int status;

    PluginProblemException(String type, int status, String detail) {
        super(detail);
        this.type = type;
        this.status = status;
    }

    /// The kind of problem, such as `/problems/name-taken`.
    String type() {
        return type;
    }

    /// The HTTP status.
    int status() {
        return status;
    }
}
