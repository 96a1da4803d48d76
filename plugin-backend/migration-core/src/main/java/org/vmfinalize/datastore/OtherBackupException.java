package org.vmfinalize.datastore;

import java.io.IOException;

/// What was named as a second copy of a restore point is another restore point.
public final class OtherBackupException extends IOException {

    private static final long serialVersionUID = 1L;

    OtherBackupException(String location, String why) {
        super("backup %s: must be a copy of the restore point that the VM runs from but is another: %s; name the right one"
                .formatted(location, why));
    }
}
