package org.vmfinalize.backup;

/// A file is not an image of a disk, or is one of a format that cannot be read.
public final class NotAnImageException extends FormatException {

    public NotAnImageException(String message) {
        super(message);
    }
}
