package org.vmfinalize.nfs.v3;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.nfs.export.ExportTree.Found;
import org.vmfinalize.nfs.export.Exports;
import org.vmfinalize.nfs.export.NfsException;
import org.vmfinalize.nfs.export.NfsStatus;
import org.vmfinalize.nfs.posix.Descriptor;
import org.vmfinalize.nfs.posix.Errno;
import org.vmfinalize.nfs.posix.FileStatus;
import org.vmfinalize.nfs.posix.Posix;
import org.vmfinalize.nfs.posix.PosixException;
import org.vmfinalize.nfs.rpc.Call;
import org.vmfinalize.nfs.rpc.Credential;
import org.vmfinalize.nfs.xdr.XdrException;
import org.vmfinalize.nfs.xdr.XdrReader;
import org.vmfinalize.nfs.xdr.XdrWriter;

/// CREATE and MKDIR (RFC 1813, 3.3.8 and 3.3.9). What they make is durable when they are answered.
final class CreateProcedures {

    private static final int RESULT_BYTES = 4 + LookupProcedures.HANDLE_BYTES + Attributes.POST_OP_BYTES
            + Attributes.WCC_BYTES;
    private static final int UNCHECKED = 0;
    private static final int GUARDED = 1;
    private static final int FILE_MODE = 0644;
    private static final int DIRECTORY_MODE = 0755;
    private static final boolean IS_ROOT = Posix.effectiveUser() == 0;

    private final Exports exports;
    private final Answers answers;

    /// How a file shall be made.
    ///
    /// @param attributes what it shall have; nothing for an exclusive creation
    /// @param verifier by which an exclusive creation is known again when it is repeated
    private record How(int mode, NewAttributes attributes, @Nullable Verifier verifier) {}

    /// The verifier of an exclusive creation, kept durably as the file's times until its first SETATTR, as the RFC
    /// proposes. The highest bits go to the nanoseconds, since not all file systems keep years beyond 2038.
    private record Verifier(FileStatus.Time accessed, FileStatus.Time modified) {

        static Verifier of(int first, int second) {
            return new Verifier(time(first), time(second));
        }

        private static FileStatus.Time time(int half) {
            return new FileStatus.Time(half & Integer.MAX_VALUE, half >>> 31);
        }

        boolean isIn(FileStatus status) {
            return status.accessed().equals(accessed) && status.modified().equals(modified);
        }
    }

    CreateProcedures(Exports exports, Answers answers) {
        this.exports = exports;
        this.answers = answers;
    }

    void create(Call call) throws XdrException {
        XdrReader in = call.arguments();
        Subject directory = new Subject(exports, Arguments.handle(in), call.client());
        byte[] name = Arguments.name(in);
        int mode = in.readEnum(2);
        How how = mode == UNCHECKED || mode == GUARDED
                ? new How(mode, Arguments.attributes(in), null)
                : new How(mode, nothing(), Verifier.of(in.readInt(), in.readInt()));
        in.end();
        once(call, directory,
                out -> putMade(directory, createFile(directory, name, how, call), out));
    }

    void mkdir(Call call) throws XdrException {
        XdrReader in = call.arguments();
        Subject directory = new Subject(exports, Arguments.handle(in), call.client());
        byte[] name = Arguments.name(in);
        NewAttributes attributes = Arguments.attributes(in);
        in.end();
        once(call, directory, out -> putMade(directory,
                makeDirectory(directory, name, attributes, call), out));
    }

    private void once(Call call, Subject directory, Answers.Success success) {
        answers.once(call, Nfs3Program.NUMBER, directory, RESULT_BYTES, out -> {
            success.put(out);
            directory.close();
        }, out -> {
            directory.putWcc(out);
            directory.close();
        });
    }

    private static NewAttributes nothing() {
        return new NewAttributes(NewAttributes.UNCHANGED, NewAttributes.UNCHANGED, NewAttributes.UNCHANGED,
                NewAttributes.UNCHANGED, false, Posix.OMIT, Posix.OMIT);
    }

    private static void putMade(Subject directory, Found made, XdrWriter out) throws IOException {
        out.putBoolean(true);
        made.node().handle().encode(out);
        Attributes.putPostOp(out, made.status(), directory.tree().id());
        directory.putWcc(out);
    }

    /// What was made and is not durable yet.
    ///
    /// @param fresh its descriptor; null if it was there before
    private record Made(Found found, @Nullable Descriptor fresh) {}

    private interface Undo {
        void run() throws IOException;
    }

    /// Makes durable what was made. What could not be finished must not be left behind: the client will try again under the
    /// same name.
    private static Found finished(Subject directory, Made made, Undo undo) throws IOException {
        Descriptor fresh = made.fresh();
        if (fresh == null) {
            return made.found();
        }
        try (fresh) {
            Posix.sync(fresh.fd());
            Posix.sync(directory.fd());
            return made.found();
        } catch (IOException e) {
            undo.run();
            throw e;
        }
    }

    private Found createFile(Subject directory, byte[] name, How how, Call call) throws IOException {
        Permissions permissions = directory.permissions(call);
        Made made = directory.tree().changing(() -> {
            directory.beforeDirectoryChange(call);
            directory.tree().checkCreatable(directory.node(), name);
            how.attributes().checkSize();
            Made file = openNew(directory, name, how, permissions);
            directory.noteAfter();
            return file;
        });
        return finished(directory, made, () -> Posix.unlink(directory.fd(), name));
    }

    private Made openNew(Subject directory, byte[] name, How how, Permissions permissions)
            throws IOException {
        int fd;
        try {
            fd = Posix.openAt(directory.fd(), name, Posix.O_RDWR | Posix.O_CREAT | Posix.O_EXCL, FILE_MODE);
        } catch (PosixException e) {
            if (e.errno() != Errno.EEXIST) {
                throw e;
            }
            return new Made(useExisting(directory, name, how, permissions), null);
        }
        Descriptor file = new Descriptor(fd);
        try {
            giveTo(permissions, file.fd(), directory.status(), how.attributes());
            if (how.attributes().setsSize()) {
                Posix.setSize(file.fd(), how.attributes().size());
            }
            how.attributes().applyTo(file.fd());
            if (how.verifier() != null) {
                Posix.setTimes(file.fd(), how.verifier().accessed(), how.verifier().modified());
            }
            return new Made(directory.tree().child(directory.node(), directory.open(), name), file);
        } catch (IOException e) {
            file.close();
            Posix.unlink(directory.fd(), name);
            throw e;
        }
    }

    private Found useExisting(Subject directory, byte[] name, How how, Permissions permissions)
            throws IOException {
        Found existing = directory.tree().child(directory.node(), directory.open(), name);
        boolean repeated = how.verifier() != null && how.verifier().isIn(existing.status());
        if (!existing.status().isRegular() || (how.mode() != UNCHECKED && !repeated)) {
            throw new NfsException(NfsStatus.EXIST);
        }
        if (!how.attributes().setsSize()) {
            return existing;
        }
        permissions.requireForData(existing.status(), Permissions.WRITE);
        try (Subject file = directory.sibling(existing.node())) {
            AttributeProcedures.setSize(file, file.beforeChange(), how.attributes());
            file.tree().syncAttributes(file.node(), file.open());
            return new Found(existing.node(), file.status());
        }
    }

    private static Found makeDirectory(Subject directory, byte[] name, NewAttributes attributes,
            Call call)
            throws IOException {
        Permissions permissions = directory.permissions(call);
        Made made = directory.tree().changing(() -> {
            directory.beforeDirectoryChange(call);
            directory.tree().checkCreatable(directory.node(), name);
            Made folder = newDirectory(directory, name, attributes, permissions);
            directory.noteAfter();
            return folder;
        });
        return finished(directory, made, () -> Posix.removeDirectory(directory.fd(), name));
    }

    private static Made newDirectory(Subject directory, byte[] name, NewAttributes attributes,
            Permissions permissions) throws IOException {
        Posix.makeDirectory(directory.fd(), name, DIRECTORY_MODE);
        try {
            Descriptor made = new Descriptor(
                    Posix.openAt(directory.fd(), name, Posix.O_RDONLY | Posix.O_DIRECTORY, 0));
            try {
                giveTo(permissions, made.fd(), directory.status(), attributes);
                attributes.applyTo(made.fd());
                return new Made(directory.tree().child(directory.node(), directory.open(), name), made);
            } catch (IOException e) {
                made.close();
                throw e;
            }
        } catch (IOException e) {
            Posix.removeDirectory(directory.fd(), name);
            throw e;
        }
    }

    /// Makes the caller the owner. Without root's rights that cannot be done: then all belongs to the server's user.
    ///
    /// @throws NfsException PERM if the caller wants an owner that it may not set
    private static void giveTo(Permissions permissions, int fd, FileStatus directory, NewAttributes wanted)
            throws IOException {
        if (IS_ROOT && permissions.who() instanceof Credential.Sys user) {
            boolean inherits = (directory.permissions() & 02000) != 0;
            Posix.setOwner(fd, user.uid(), inherits ? NewAttributes.UNCHANGED : user.gid());
        }
        permissions.requireMaySetOwner(Posix.status(fd), wanted);
    }
}
