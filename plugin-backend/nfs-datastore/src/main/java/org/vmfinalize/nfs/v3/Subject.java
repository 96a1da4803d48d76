package org.vmfinalize.nfs.v3;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.nfs.export.ExportTree;
import org.vmfinalize.nfs.export.Exports;
import org.vmfinalize.nfs.export.Exports.ExportedFile;
import org.vmfinalize.nfs.export.FileChanges;
import org.vmfinalize.nfs.export.NfsException;
import org.vmfinalize.nfs.export.NfsStatus;
import org.vmfinalize.nfs.export.Node;
import org.vmfinalize.nfs.posix.Descriptor;
import org.vmfinalize.nfs.posix.FileStatus;
import org.vmfinalize.nfs.rpc.Call;
import org.vmfinalize.nfs.xdr.XdrWriter;

/// The file that a call is about: found and opened when first needed, and known to the answer if the call fails.
///
/// **Threads:** one at a time.
final class Subject implements AutoCloseable {

    private final Exports exports;
    private final ByteBuffer handle;
    private final InetAddress client;
    private @Nullable ExportedFile file;
    private @Nullable Descriptor open;
    private @Nullable FileStatus before;
    private @Nullable FileStatus after;
    private boolean changesAlone;
    private FileChanges.@Nullable Span span;
    private boolean undisturbed;

    Subject(Exports exports, ByteBuffer handle, InetAddress client) {
        this.exports = exports;
        this.handle = handle;
        this.client = client;
    }

    /// The same file for a later answer.
    Subject again() throws IOException {
        return sibling(node());
    }

    /// Another file of the same export, for the same client.
    Subject sibling(Node node) throws IOException {
        Subject subject = new Subject(exports, handle, client);
        subject.file = new ExportedFile(tree(), node, file().rule());
        return subject;
    }

    private ExportedFile file() throws IOException {
        ExportedFile found = file;
        if (found == null) {
            found = exports.find(handle, client);
            file = found;
        }
        return found;
    }

    /// The export that the handle names, without a look whether the file is there.
    @Nullable
    ExportTree namedTree() {
        return file == null ? exports.treeOf(handle) : file.tree();
    }

    ExportTree tree() throws IOException {
        return file().tree();
    }

    Node node() throws IOException {
        return file().node();
    }

    Descriptor open() throws IOException {
        Descriptor descriptor = open;
        if (descriptor == null) {
            descriptor = tree().open(node());
            open = descriptor;
        }
        return descriptor;
    }

    int fd() throws IOException {
        return open().fd();
    }

    /// What a client sees of the file now.
    FileStatus status() throws IOException {
        return tree().status(node(), open());
    }

    /// The status now, remembered for `wcc_data` of a call that changes nothing itself.
    FileStatus before() throws IOException {
        return remember(node().changes().watch());
    }

    /// The status before the change that is about to be made; remembered for `wcc_data`. [#changed()] follows, or [#close()].
    FileStatus beforeChange() throws IOException {
        return remember(node().changes().begin());
    }

    private FileStatus remember(FileChanges.Span since) throws IOException {
        span = since;
        FileStatus status = status();
        before = status;
        return status;
    }

    /// Notes that the change is made. The status after it is looked at for `wcc_data`.
    void changed() {
        if (span != null) {
            span.end();
        }
    }

    /// As [#beforeChange()], for a change that is made inside [ExportTree#changing]. It is told only if [#noteAfter()]
    /// follows.
    FileStatus beforeChangingAlone() throws IOException {
        changesAlone = true;
        return beforeChange();
    }

    /// Remembers the status after a change, before others can change more.
    void noteAfter() throws IOException {
        after = status();
        undisturbed = isUndisturbed();
        changed();
    }

    private boolean isUndisturbed() {
        return span != null && span.isUndisturbed();
    }

    void requireWritable() throws IOException {
        if (isReadOnly()) {
            throw new NfsException(NfsStatus.ROFS);
        }
    }

    /// Whether the client may change nothing in the file's export.
    boolean isReadOnly() throws IOException {
        return file().rule().readOnly();
    }

    /// What the caller may do with files of this one's export.
    Permissions permissions(Call call) throws IOException {
        return Permissions.of(call.credential(), file().rule());
    }

    /// The status of a directory whose entries are about to be changed, inside [ExportTree#changing].
    FileStatus beforeDirectoryChange(Call call) throws IOException {
        requireWritable();
        FileStatus status = beforeChangingAlone();
        requireDirectory(status);
        permissions(call).require(status, Permissions.WRITE | Permissions.EXECUTE);
        return status;
    }

    static void requireDirectory(FileStatus status) throws NfsException {
        if (!status.isDirectory()) {
            throw new NfsException(NfsStatus.NOTDIR);
        }
    }

    /// `post_op_attr`, also after a failure.
    void putPostOp(XdrWriter out) {
        FileStatus status = statusIfPossible();
        Attributes.putPostOp(out, status, status == null ? 0 : exportId());
    }

    /// `wcc_data`, also after a failure. The status before is left out where it could have another client's change in it:
    /// the caller would take that for its own and go on with what it remembers.
    void putWcc(XdrWriter out) {
        FileStatus now = after == null ? statusIfPossible() : after;
        boolean isOwnChange = after == null ? !changesAlone && isUndisturbed() : undisturbed;
        Attributes.putPreOp(out, isOwnChange ? before : null);
        Attributes.putPostOp(out, now, now == null ? 0 : exportId());
    }

    private int exportId() {
        return file == null ? 0 : file.tree().id();
    }

    private @Nullable FileStatus statusIfPossible() {
        if (file == null) {
            return null;
        }
        try {
            return status();
        } catch (IOException _) {
            // Attributes are optional in every answer, and the failure itself has been named by the status.
            return null;
        }
    }

    @Override
    public void close() {
        changed();
        if (open != null) {
            open.close();
            open = null;
        }
    }
}
