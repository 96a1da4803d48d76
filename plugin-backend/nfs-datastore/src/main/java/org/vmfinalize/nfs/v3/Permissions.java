package org.vmfinalize.nfs.v3;

import org.vmfinalize.nfs.export.ClientRule;
import org.vmfinalize.nfs.export.NfsException;
import org.vmfinalize.nfs.export.NfsStatus;
import org.vmfinalize.nfs.posix.FileStatus;
import org.vmfinalize.nfs.rpc.Credential;

/// What a user may do with a file, by its owner, group and mode. Root may do everything: ESXi comes as root.
///
/// @param who the user of the call
record Permissions(Credential who) {

    static final int READ = 4;
    static final int WRITE = 2;
    static final int EXECUTE = 1;

    /// User and group 65534, which own nothing: "nobody".
    private static final int NOBODY = 65534;

    /// What the user `who` may do where `rule` holds.
    static Permissions of(Credential who, ClientRule rule) {
        return new Permissions(
                rule.rootSquash() && who instanceof Credential.Sys user ? squashed(user) : who);
    }

    private static Credential squashed(Credential.Sys user) {
        return new Credential.Sys(user.uid() == 0 ? NOBODY : user.uid(),
                user.gid() == 0 ? NOBODY : user.gid(),
                user.gids().stream().filter(gid -> gid != 0).toList());
    }

    /// Whether all of `rights` are given.
    boolean allow(FileStatus status, int rights) {
        return (granted(status) & rights) == rights;
    }

    /// @throws NfsException ACCES unless all of `rights` are given
    void require(FileStatus status, int rights) throws NfsException {
        if (!allow(status, rights)) {
            throw new NfsException(NfsStatus.ACCES);
        }
    }

    /// As [#require], but the owner may always read and write: on the client the file may have been opened before its
    /// mode was changed.
    void requireForData(FileStatus status, int rights) throws NfsException {
        if (!owns(status)) {
            require(status, rights);
        }
    }

    /// @throws NfsException PERM unless the user is the file's owner
    void requireOwner(FileStatus status) throws NfsException {
        if (!owns(status)) {
            throw new NfsException(NfsStatus.PERM);
        }
    }

    /// Only root gives files away, and others may give them only to groups that they belong to.
    ///
    /// @param status of the file, which the user owns
    /// @throws NfsException PERM if `wanted` has an owner that the user may not set
    void requireMaySetOwner(FileStatus status, NewAttributes wanted) throws NfsException {
        if (!(who instanceof Credential.Sys user) || user.uid() == 0) {
            return;
        }
        boolean givesAway = wanted.uid() != NewAttributes.UNCHANGED && wanted.uid() != status.uid();
        boolean foreignGroup = wanted.gid() != NewAttributes.UNCHANGED && wanted.gid() != status.gid()
                && !user.isIn(wanted.gid());
        if (givesAway || foreignGroup) {
            throw new NfsException(NfsStatus.PERM);
        }
    }

    private boolean owns(FileStatus status) {
        return who instanceof Credential.Sys user && (user.uid() == 0 || user.uid() == status.uid());
    }

    private int granted(FileStatus status) {
        int mode = status.permissions();
        if (!(who instanceof Credential.Sys user)) {
            return mode & 7;
        }
        if (user.uid() == 0) {
            return READ | WRITE | EXECUTE;
        }
        if (user.uid() == status.uid()) {
            return (mode >> 6) & 7;
        }
        return user.isIn(status.gid()) ? (mode >> 3) & 7 : mode & 7;
    }
}
