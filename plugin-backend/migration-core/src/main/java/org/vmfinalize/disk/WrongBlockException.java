package org.vmfinalize.disk;

import java.io.IOException;

/// A block of a live disk is neither the guest's nor the backup's.
public final class WrongBlockException extends IOException {

    private static final long serialVersionUID = 1L;

    WrongBlockException(String disk, long position, long length) {
        super(("disk %s: the %d bytes at %d must be the guest's or the backup's but are neither; its storage has damaged "
                + "them: check the datastore, then discard the VM or finalize it without verifying")
                .formatted(disk, length, position));
    }
}
