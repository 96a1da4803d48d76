package org.vmfinalize.nfs.v3;

import org.vmfinalize.nfs.export.Exports;
import org.vmfinalize.nfs.export.FileName;
import org.vmfinalize.nfs.posix.FileSystemStatus;
import org.vmfinalize.nfs.posix.Posix;
import org.vmfinalize.nfs.rpc.Call;
import org.vmfinalize.nfs.xdr.XdrException;
import org.vmfinalize.nfs.xdr.XdrReader;
import org.vmfinalize.nfs.xdr.XdrWriter;

/// FSSTAT, FSINFO, PATHCONF (RFC 1813, 3.3.18 to 3.3.20).
final class FileSystemProcedures {

    /// Most bytes of one READ or WRITE: 1 MiB.
    static final int MAX_TRANSFER = 1 << 20;

    private static final int TRANSFER_UNIT = 4096;
    private static final int PROPERTIES = 0x08 | 0x10; // homogeneous, times can be set
    /// Links cannot be made here.
    private static final int MAX_LINKS = 1;

    private final Exports exports;
    private final Answers answers;

    FileSystemProcedures(Exports exports, Answers answers) {
        this.exports = exports;
        this.answers = answers;
    }

    void fsstat(Call call) throws XdrException {
        answer(call, (file, out) -> {
            FileSystemStatus status = Posix.fileSystemStatus(file.fd());
            out.putLong(status.totalBytes()).putLong(status.freeBytes()).putLong(status.availableBytes());
            out.putLong(status.totalFiles()).putLong(status.freeFiles()).putLong(status.availableFiles());
            out.putInt(0); // may change at any time
        });
    }

    void fsinfo(Call call) throws XdrException {
        answer(call, (file, out) -> {
            out.putInt(MAX_TRANSFER).putInt(MAX_TRANSFER).putInt(TRANSFER_UNIT); // read: most, preferred, unit
            out.putInt(MAX_TRANSFER).putInt(MAX_TRANSFER).putInt(TRANSFER_UNIT); // write
            out.putInt(DirectoryProcedures.MAX_BYTES);
            out.putLong(file.tree().largestFile());
            out.putInt(0).putInt(1); // times are exact to the nanosecond
            out.putInt(PROPERTIES);
        });
    }

    void pathconf(Call call) throws XdrException {
        answer(call, (_, out) -> {
            out.putInt(MAX_LINKS).putInt(FileName.MAX_BYTES);
            out.putBoolean(true); // longer names are refused, not cut
            out.putBoolean(true); // only root gives files away
            out.putBoolean(false).putBoolean(true); // case counts and is kept
        });
    }

    private interface Body {

        void put(Subject file, XdrWriter out) throws java.io.IOException;
    }

    private void answer(Call call, Body body) throws XdrException {
        XdrReader in = call.arguments();
        try (Subject file = new Subject(exports, Arguments.handle(in), call.client())) {
            in.end();
            answers.now(call, Attributes.POST_OP_BYTES + 64, out -> {
                Attributes.putPostOp(out, file.status(), file.tree().id());
                body.put(file, out);
            }, file::putPostOp);
        }
    }
}
