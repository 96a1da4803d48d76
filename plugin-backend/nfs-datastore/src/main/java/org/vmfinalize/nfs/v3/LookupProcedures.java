package org.vmfinalize.nfs.v3;

import java.io.IOException;
import org.vmfinalize.nfs.export.ExportTree.Found;
import org.vmfinalize.nfs.export.Exports;
import org.vmfinalize.nfs.export.FileHandle;
import org.vmfinalize.nfs.export.NfsException;
import org.vmfinalize.nfs.export.NfsStatus;
import org.vmfinalize.nfs.posix.FileStatus;
import org.vmfinalize.nfs.posix.Posix;
import org.vmfinalize.nfs.rpc.Call;
import org.vmfinalize.nfs.xdr.XdrException;
import org.vmfinalize.nfs.xdr.XdrReader;
import org.vmfinalize.nfs.xdr.XdrWriter;

/// LOOKUP and READLINK (RFC 1813, 3.3.3 and 3.3.5).
final class LookupProcedures {

    /// Size of a handle as `opaque<>`.
    static final int HANDLE_BYTES = 4 + FileHandle.BYTES;
    private static final int LONGEST_LINK = 4096;

    private final Exports exports;
    private final Answers answers;

    LookupProcedures(Exports exports, Answers answers) {
        this.exports = exports;
        this.answers = answers;
    }

    void lookup(Call call) throws XdrException {
        XdrReader in = call.arguments();
        try (Subject directory = new Subject(exports, Arguments.handle(in), call.client())) {
            byte[] name = Arguments.name(in);
            in.end();
            answers.now(call, HANDLE_BYTES + 2 * Attributes.POST_OP_BYTES,
                    out -> lookUp(directory, name, directory.permissions(call), out), directory::putPostOp);
        }
    }

    private static void lookUp(Subject directory, byte[] name, Permissions permissions, XdrWriter out)
            throws IOException {
        FileStatus status = directory.status();
        Subject.requireDirectory(status);
        permissions.require(status, Permissions.EXECUTE);
        Found found = directory.tree().lookup(directory.node(), directory.open(), name);
        int exportId = directory.tree().id();
        found.node().handle().encode(out);
        Attributes.putPostOp(out, found.status(), exportId);
        Attributes.putPostOp(out, status, exportId);
    }

    /// The text of a link that somebody has made on the server itself. It is the client who follows it, within what this
    /// server lets it see.
    void readlink(Call call) throws XdrException {
        XdrReader in = call.arguments();
        try (Subject link = new Subject(exports, Arguments.handle(in), call.client())) {
            in.end();
            answers.now(call, Attributes.POST_OP_BYTES + 4 + LONGEST_LINK, out -> {
                FileStatus status = link.status();
                if (!status.isSymbolicLink()) {
                    throw new NfsException(NfsStatus.INVAL);
                }
                Attributes.putPostOp(out, status, link.tree().id());
                out.putOpaque(Posix.readLink(link.fd()));
            }, link::putPostOp);
        }
    }
}
