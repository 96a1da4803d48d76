package org.vmfinalize.nfs.v3;

import java.nio.ByteBuffer;
import org.vmfinalize.nfs.posix.Errno;
import org.vmfinalize.nfs.posix.Posix;
import org.vmfinalize.nfs.posix.PosixException;

/// Reads that do not wait for a device.
///
/// **Threads:** any number.
final class PageCacheReads {

    /// File systems that cannot tell are asked in the ordinary way: those known keep all in memory.
    private volatile boolean supported = true;

    /// Fills `target`, if that takes no waiting.
    ///
    /// @return whether all of it was filled
    boolean read(int fd, ByteBuffer target, long offset) throws PosixException {
        if (!target.hasRemaining()) {
            return true;
        }
        if (supported) {
            try {
                Posix.readCached(fd, target, offset);
            } catch (PosixException e) {
                if (e.errno() != Errno.EOPNOTSUPP) {
                    throw e;
                }
                supported = false;
            }
        }
        if (!supported) {
            Posix.read(fd, target, offset);
        }
        return !target.hasRemaining();
    }
}
