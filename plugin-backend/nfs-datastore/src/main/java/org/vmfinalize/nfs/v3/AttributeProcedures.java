package org.vmfinalize.nfs.v3;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.disk.LiveDisk;
import org.vmfinalize.nfs.export.Exports;
import org.vmfinalize.nfs.export.LiveFiles;
import org.vmfinalize.nfs.export.NfsException;
import org.vmfinalize.nfs.export.NfsStatus;
import org.vmfinalize.nfs.posix.FileStatus;
import org.vmfinalize.nfs.posix.Posix;
import org.vmfinalize.nfs.rpc.Call;
import org.vmfinalize.nfs.xdr.XdrException;
import org.vmfinalize.nfs.xdr.XdrReader;
import org.vmfinalize.nfs.xdr.XdrWriter;

/// GETATTR, SETATTR, ACCESS (RFC 1813, 3.3.1, 3.3.2, 3.3.4).
///
/// ESXi takes GETATTR of an export's root for the server's heartbeat: it must be answered at once, whatever else goes on.
final class AttributeProcedures {

    private static final int ACCESS_READ = 0x01;
    private static final int ACCESS_LOOKUP = 0x02;
    private static final int ACCESS_MODIFY = 0x04;
    private static final int ACCESS_EXTEND = 0x08;
    private static final int ACCESS_DELETE = 0x10;
    private static final int ACCESS_EXECUTE = 0x20;

    private final Exports exports;
    private final Answers answers;

    AttributeProcedures(Exports exports, Answers answers) {
        this.exports = exports;
        this.answers = answers;
    }

    void getattr(Call call) throws XdrException {
        XdrReader in = call.arguments();
        try (Subject file = new Subject(exports, Arguments.handle(in), call.client())) {
            in.end();
            answers.now(call, Attributes.BYTES, out -> Attributes.put(out, file.status(), file.tree().id()),
                    _ -> {
                    });
        }
    }

    void access(Call call) throws XdrException {
        XdrReader in = call.arguments();
        try (Subject file = new Subject(exports, Arguments.handle(in), call.client())) {
            int wanted = in.readInt();
            in.end();
            answers.now(call, Attributes.POST_OP_BYTES + 4, out -> {
                FileStatus status = file.status();
                Attributes.putPostOp(out, status, file.tree().id());
                // Not a bit more than was asked for: libnfs compares the two for equality.
                out.putInt(wanted & granted(file.permissions(call), status, file.isReadOnly()));
            }, file::putPostOp);
        }
    }

    private static int granted(Permissions permissions, FileStatus status, boolean readOnly) {
        int granted = 0;
        if (permissions.allow(status, Permissions.READ)) {
            granted |= ACCESS_READ;
        }
        if (permissions.allow(status, Permissions.WRITE) && !readOnly) {
            granted |= ACCESS_MODIFY | ACCESS_EXTEND;
            granted |= status.isDirectory() ? ACCESS_DELETE : 0;
        }
        if (permissions.allow(status, Permissions.EXECUTE)) {
            granted |= status.isDirectory() ? ACCESS_LOOKUP : ACCESS_EXECUTE;
        }
        return granted;
    }

    void setattr(Call call) throws XdrException {
        XdrReader in = call.arguments();
        Subject file = new Subject(exports, Arguments.handle(in), call.client());
        NewAttributes wanted = Arguments.attributes(in);
        FileStatus.Time guard = in.readBoolean() ? Arguments.time(in) : null;
        in.end();
        answers.once(call, Nfs3Program.NUMBER, file, Attributes.WCC_BYTES,
                out -> set(file, wanted, guard, file.permissions(call), out),
                out -> {
                    file.putWcc(out);
                    file.close();
                });
    }

    private static void set(Subject file, NewAttributes wanted, FileStatus.@Nullable Time guard,
            Permissions permissions,
            XdrWriter out) throws IOException {
        file.requireWritable();
        // The guard is of use only if nobody else can change the file behind it.
        file.tree().changing(() -> {
            FileStatus status = file.beforeChangingAlone();
            if (guard != null && !guard.equals(asSeen(status.changed()))) {
                throw new NfsException(NfsStatus.NOT_SYNC);
            }
            apply(file, status, wanted, permissions);
            file.noteAfter();
            return true;
        });
        file.tree().syncAttributes(file.node(), file.open());
        file.putWcc(out);
        file.close();
    }

    private static void apply(Subject file, FileStatus status, NewAttributes wanted, Permissions permissions)
            throws IOException {
        if (wanted.needsOwner()) {
            permissions.requireOwner(status);
            permissions.requireMaySetOwner(status, wanted);
        }
        if (wanted.setsSize() || wanted.setsTimes()) {
            permissions.requireForData(status, Permissions.WRITE);
        }
        if (!status.isRegular() && !status.isDirectory()) {
            throw new NfsException(NfsStatus.NOTSUPP);
        }
        setSize(file, status, wanted);
        wanted.applyTo(file.fd());
        LiveFiles.attributesSet(file.node(), Posix.status(file.fd()), wanted.setsTimes());
    }

    /// A time as clients have it, with 32 bits for the seconds.
    private static FileStatus.Time asSeen(FileStatus.Time time) {
        return new FileStatus.Time(Integer.toUnsignedLong((int) time.seconds()), time.nanos());
    }

    /// Sets the size, if that is wanted. A live disk keeps the size that it has: the virtual machine was made for it.
    static void setSize(Subject file, FileStatus status, NewAttributes wanted) throws IOException {
        if (!wanted.setsSize()) {
            return;
        }
        wanted.checkSize();
        if (!status.isRegular()) {
            throw new NfsException(status.isDirectory() ? NfsStatus.ISDIR : NfsStatus.INVAL);
        }
        file.tree().liveFiles().requireNoParent(file.node());
        LiveDisk live = file.tree().liveDisk(file.node());
        if (live == null) {
            Posix.setSize(file.fd(), wanted.size());
        } else if (wanted.size() != live.size()) {
            throw new NfsException(NfsStatus.ACCES);
        }
    }
}
