package org.vmfinalize.nfs.v3;

import java.io.IOException;
import org.vmfinalize.nfs.export.NfsException;
import org.vmfinalize.nfs.export.NfsStatus;
import org.vmfinalize.nfs.posix.FileStatus;
import org.vmfinalize.nfs.posix.Posix;

/// The attributes that a client wants a file to have (`sattr3`).
///
/// @param mode permission bits, or [#UNCHANGED]
/// @param size in bytes, or [#UNCHANGED]
/// @param impossibleSize whether the size is beyond 2^63 - 1
record NewAttributes(
        int mode,
        int uid,
        int gid,
        long size,
        boolean impossibleSize,
        FileStatus.Time accessed,
        FileStatus.Time modified) {

    static final int UNCHANGED = -1;

    boolean setsSize() {
        return size != UNCHANGED || impossibleSize;
    }

    boolean setsOwner() {
        return uid != UNCHANGED || gid != UNCHANGED;
    }

    boolean setsTimes() {
        return !accessed.equals(Posix.OMIT) || !modified.equals(Posix.OMIT);
    }

    /// Whether nothing but the size, or a time to that of the server, is wanted: then the right to write is enough.
    boolean needsOwner() {
        return mode != UNCHANGED || setsOwner() || isExplicit(accessed) || isExplicit(modified);
    }

    private static boolean isExplicit(FileStatus.Time time) {
        return !time.equals(Posix.OMIT) && !time.equals(Posix.NOW);
    }

    void checkSize() throws NfsException {
        if (impossibleSize) {
            throw new NfsException(NfsStatus.FBIG);
        }
    }

    /// Changes all but the size.
    void applyTo(int fd) throws IOException {
        if (setsOwner()) {
            Posix.setOwner(fd, uid, gid);
        }
        // After the owner: changing that takes set-id bits away.
        if (mode != UNCHANGED) {
            Posix.setMode(fd, mode);
        }
        if (setsTimes()) {
            Posix.setTimes(fd, accessed, modified);
        }
    }
}
