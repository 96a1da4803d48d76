package org.vmfinalize.nfs.v3;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vmfinalize.disk.BackupUnavailableException;
import org.vmfinalize.disk.DiskReadOnlyException;
import org.vmfinalize.disk.NoSpaceException;
import org.vmfinalize.nfs.export.NfsException;
import org.vmfinalize.nfs.export.NfsStatus;
import org.vmfinalize.nfs.posix.Errno;
import org.vmfinalize.nfs.posix.PosixException;

/// Says what a client is told about a failure.
///
/// @param backupUnavailable for a read that needs a backup which could not be read in time
record Failures(NfsStatus backupUnavailable) {

    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    NfsStatus statusOf(Exception failure) {
        return switch (failure) {
            case NfsException e -> e.status();
            case PosixException e -> ofErrno(e);
            case BackupUnavailableException e -> {
                LOG.warn("a read needs the backup, which is away ({}); the client is told {}", e.getMessage(),
                        backupUnavailable);
                yield backupUnavailable;
            }
            case NoSpaceException e -> {
                LOG.warn("the datastore is full ({}); the client is told NOSPC", e.getMessage());
                yield NfsStatus.NOSPC;
            }
            case DiskReadOnlyException e -> {
                LOG.error("a live disk takes no more writes; the client is told ROFS", e);
                yield NfsStatus.ROFS;
            }
            case java.io.IOException e -> {
                LOG.error("a request failed; the client is told IO", e);
                yield NfsStatus.IO;
            }
            default -> {
                LOG.error("a request failed by a fault of this program; the client is told SERVERFAULT",
                        failure);
                yield NfsStatus.SERVERFAULT;
            }
        };
    }

    private static NfsStatus ofErrno(PosixException failure) {
        return switch (failure.errno()) {
            case Errno.EPERM -> NfsStatus.PERM;
            case Errno.ENOENT -> NfsStatus.NOENT;
            case Errno.ENXIO -> NfsStatus.NXIO;
            case Errno.EACCES, Errno.EBADF -> NfsStatus.ACCES;
            case Errno.EEXIST -> NfsStatus.EXIST;
            case Errno.EXDEV -> NfsStatus.XDEV;
            case Errno.ENODEV -> NfsStatus.NODEV;
            case Errno.ENOTDIR -> NfsStatus.NOTDIR;
            case Errno.EISDIR -> NfsStatus.ISDIR;
            case Errno.EINVAL, Errno.ELOOP -> NfsStatus.INVAL;
            case Errno.EFBIG -> NfsStatus.FBIG;
            case Errno.ENOSPC -> NfsStatus.NOSPC;
            case Errno.EROFS -> NfsStatus.ROFS;
            case Errno.EMLINK -> NfsStatus.MLINK;
            case Errno.ENAMETOOLONG -> NfsStatus.NAMETOOLONG;
            case Errno.ENOTEMPTY -> NfsStatus.NOTEMPTY;
            case Errno.EDQUOT -> NfsStatus.DQUOT;
            case Errno.ESTALE -> NfsStatus.STALE;
            case Errno.EOPNOTSUPP -> NfsStatus.NOTSUPP;
            default -> {
                LOG.error("a system call failed; the client is told IO", failure);
                yield NfsStatus.IO;
            }
        };
    }
}
