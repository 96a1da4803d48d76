package org.vmfinalize.lab;

import java.io.IOException;

/// Something that the lab's user can read and mend; its message is shown as it is, in one line.
final class LabException extends IOException {

    LabException(String message) {
        super(message);
    }

    LabException(String message, Throwable cause) {
        super(message, cause);
    }
}
