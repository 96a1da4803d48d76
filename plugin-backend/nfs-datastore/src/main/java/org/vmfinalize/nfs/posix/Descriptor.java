package org.vmfinalize.nfs.posix;

import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// An open file descriptor that is closed when its last user lets go of it: a number must not be used for a system call
/// after another thread has closed it, since it may name another file by then.
///
/// **Threads:** any number.
public final class Descriptor implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Descriptor.class);

    private final int fd;
    private final AtomicInteger users = new AtomicInteger(1);

    /// Takes over `fd`, with one user: the caller.
    public Descriptor(int fd) {
        this.fd = fd;
    }

    public int fd() {
        return fd;
    }

    /// Becomes one more user, who has to [#close()].
    ///
    /// @return false if it is closed already
    public boolean acquire() {
        int now = users.get();
        while (now > 0) {
            if (users.compareAndSet(now, now + 1)) {
                return true;
            }
            now = users.get();
        }
        return false;
    }

    /// Lets go.
    @Override
    public void close() {
        if (users.decrementAndGet() == 0) {
            try {
                Posix.close(fd);
            } catch (PosixException e) {
                // The number is free again whatever close(2) says, and what had to be durable was synced before.
                LOG.warn("closing a file reported an error that no client will see", e);
            }
        }
    }
}
