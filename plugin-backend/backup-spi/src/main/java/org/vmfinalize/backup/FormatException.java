package org.vmfinalize.backup;

import java.io.IOException;

/// The data of a backup are wrong, and reading them again will not help.
///
/// The message names the file, the field, what must hold and what was found, and what to do about it, in one line; it
/// is shown to users as it is. [NotAnImageException] is the case in which no part of the file can be used.
public class FormatException extends IOException {

    public FormatException(String message) {
        super(message);
    }

    public FormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
