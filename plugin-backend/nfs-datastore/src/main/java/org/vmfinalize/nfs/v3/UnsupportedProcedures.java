package org.vmfinalize.nfs.v3;

import org.vmfinalize.nfs.export.Exports;
import org.vmfinalize.nfs.export.NfsException;
import org.vmfinalize.nfs.export.NfsStatus;
import org.vmfinalize.nfs.rpc.Call;
import org.vmfinalize.nfs.xdr.XdrException;
import org.vmfinalize.nfs.xdr.XdrReader;

/// SYMLINK, MKNOD, LINK (RFC 1813, 3.3.10, 3.3.11, 3.3.15): never done, and announced so by FSINFO.
///
/// Virtual machines need none of them, and each would be a way to make the server's own tools follow a client's path.
final class UnsupportedProcedures {

    private static final int LARGEST_TYPE = 7;
    private static final int FIRST_DEVICE = 3;
    private static final int LAST_DEVICE = 4;
    private static final int SOCKET = 6;

    private final Exports exports;
    private final Answers answers;

    UnsupportedProcedures(Exports exports, Answers answers) {
        this.exports = exports;
        this.answers = answers;
    }

    void symlink(Call call) throws XdrException {
        XdrReader in = call.arguments();
        try (Subject directory = new Subject(exports, Arguments.handle(in), call.client())) {
            Arguments.name(in);
            Arguments.attributes(in);
            Arguments.skipPath(in);
            in.end();
            refuse(call, directory, NfsStatus.NOTSUPP);
        }
    }

    void mknod(Call call) throws XdrException {
        XdrReader in = call.arguments();
        try (Subject directory = new Subject(exports, Arguments.handle(in), call.client())) {
            Arguments.name(in);
            int type = in.readEnum(LARGEST_TYPE);
            boolean device = type == FIRST_DEVICE || type == LAST_DEVICE;
            if (device || type >= SOCKET) {
                Arguments.attributes(in);
            }
            if (device) {
                in.readLong();
            }
            in.end();
            refuse(call, directory, device || type >= SOCKET ? NfsStatus.NOTSUPP : NfsStatus.BADTYPE);
        }
    }

    void link(Call call) throws XdrException {
        XdrReader in = call.arguments();
        try (Subject file = new Subject(exports, Arguments.handle(in), call.client());
                Subject directory = new Subject(exports, Arguments.handle(in), call.client())) {
            Arguments.name(in);
            in.end();
            answers.now(call, Attributes.POST_OP_BYTES + Attributes.WCC_BYTES, _ -> {
                file.before();
                directory.before();
                throw new NfsException(NfsStatus.NOTSUPP);
            }, out -> {
                file.putPostOp(out);
                directory.putWcc(out);
            });
        }
    }

    private void refuse(Call call, Subject directory, NfsStatus status) {
        answers.now(call, Attributes.WCC_BYTES, _ -> {
            directory.before();
            throw new NfsException(status);
        }, directory::putWcc);
    }
}
