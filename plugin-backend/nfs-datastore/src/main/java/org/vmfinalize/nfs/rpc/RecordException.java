package org.vmfinalize.nfs.rpc;

import java.io.IOException;

/// A byte stream that breaks record marking or its limits. The connection has to be closed.
final class RecordException extends IOException {

    RecordException(String message) {
        super(message);
    }
}
