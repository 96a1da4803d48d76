package org.vmfinalize.places;

import java.io.IOException;

/// A location lies in none of the places that backups may be taken from.
///
/// The message is one line that says which, and what to do about it. It does not tell whether there is anything.
public final class OutsidePlacesException extends IOException {

    public OutsidePlacesException(String location) {
        super("backup %s: it lies outside of the places that vmfinalize.places and vmfinalize.backup-directories allow; move it there, or have its place added"
                .formatted(location));
    }
}
