package org.vmfinalize.nfs.v3;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.datastore.Datastore;
import org.vmfinalize.nfs.export.ExportTree;
import org.vmfinalize.nfs.export.ExportTree.Found;
import org.vmfinalize.nfs.export.Exports;
import org.vmfinalize.nfs.export.FileChanges;
import org.vmfinalize.nfs.export.LiveFiles;
import org.vmfinalize.nfs.export.NfsException;
import org.vmfinalize.nfs.export.NfsStatus;
import org.vmfinalize.nfs.posix.Posix;
import org.vmfinalize.nfs.rpc.Call;
import org.vmfinalize.nfs.xdr.XdrException;
import org.vmfinalize.nfs.xdr.XdrReader;
import org.vmfinalize.nfs.xdr.XdrWriter;

/// REMOVE, RMDIR and RENAME (RFC 1813, 3.3.12 to 3.3.14). The change is durable when they are answered.
///
/// The flat file of a live disk can be renamed but neither removed nor replaced: it is discarded through the product, which
/// also lets go of the backup.
final class RemoveProcedures {

    private final Exports exports;
    private final Answers answers;

    RemoveProcedures(Exports exports, Answers answers) {
        this.exports = exports;
        this.answers = answers;
    }

    void remove(Call call) throws XdrException {
        change(call, RemoveProcedures::removeFile);
    }

    void rmdir(Call call) throws XdrException {
        change(call, RemoveProcedures::removeDirectory);
    }

    private interface Removal {

        void run(Subject directory, byte[] name) throws IOException;
    }

    private void change(Call call, Removal removal) throws XdrException {
        XdrReader in = call.arguments();
        Subject directory = new Subject(exports, Arguments.handle(in), call.client());
        byte[] name = Arguments.name(in);
        in.end();
        answers.once(call, Nfs3Program.NUMBER, directory, Attributes.WCC_BYTES, out -> {
            directory.tree().changing(() -> {
                directory.beforeDirectoryChange(call);
                directory.tree().checkRemovable(directory.node(), name);
                removal.run(directory, name);
                directory.noteAfter();
                return true;
            });
            Posix.sync(directory.fd());
            finish(out, directory);
        }, out -> finish(out, directory));
    }

    private static void finish(XdrWriter out, Subject... directories) {
        for (Subject directory : directories) {
            directory.putWcc(out);
            directory.close();
        }
    }

    private static void removeFile(Subject directory, byte[] name) throws IOException {
        ExportTree tree = directory.tree();
        Found found = tree.child(directory.node(), directory.open(), name);
        if (found.status().isDirectory()) {
            throw new NfsException(NfsStatus.ISDIR);
        }
        requireNotLive(tree, found);
        requireNoParent(tree, path(directory, name));
        requireNoDescriptor(tree, path(directory, name));
        Posix.unlink(directory.fd(), name);
        tree.removed(found.node());
    }

    private static void removeDirectory(Subject directory, byte[] name) throws IOException {
        ExportTree tree = directory.tree();
        Found found = tree.child(directory.node(), directory.open(), name);
        Subject.requireDirectory(found.status());
        Posix.removeDirectory(directory.fd(), name);
        tree.removed(found.node());
    }

    private static void requireNotLive(ExportTree tree, Found found) throws NfsException {
        if (tree.liveDisk(found.node()) != null) {
            throw new NfsException(NfsStatus.ACCES);
        }
    }

    /// A machine that is destroyed in vCenter takes its files with it; its live disks stay, and can be used again only with
    /// their descriptors.
    private static void requireNoDescriptor(ExportTree tree, @Nullable Path path) throws NfsException {
        if (path != null && tree.export().datastore().isLiveDiskDescriptor(path)) {
            throw new NfsException(NfsStatus.ACCES);
        }
    }

    private static void requireNoParent(ExportTree tree, @Nullable Path path) throws NfsException {
        if (path != null && tree.export().datastore().isParent(path)) {
            throw new NfsException(NfsStatus.ROFS);
        }
    }

    void rename(Call call) throws XdrException {
        XdrReader in = call.arguments();
        Subject from = new Subject(exports, Arguments.handle(in), call.client());
        byte[] oldName = Arguments.name(in);
        Subject to = new Subject(exports, Arguments.handle(in), call.client());
        byte[] newName = Arguments.name(in);
        in.end();
        answers.once(call, Nfs3Program.NUMBER, from, 2 * Attributes.WCC_BYTES, out -> {
            from.tree().changing(() -> {
                from.beforeDirectoryChange(call);
                to.beforeDirectoryChange(call);
                if (from.tree() != to.tree()) {
                    throw new NfsException(NfsStatus.XDEV);
                }
                from.tree().checkRemovable(from.node(), oldName);
                to.tree().checkRemovable(to.node(), newName);
                rename(from, oldName, to, newName);
                from.noteAfter();
                to.noteAfter();
                return true;
            });
            Posix.sync(to.fd());
            Posix.sync(from.fd());
            finish(out, from, to);
        }, out -> finish(out, from, to));
    }

    private static void rename(Subject from, byte[] oldName, Subject to, byte[] newName) throws IOException {
        ExportTree tree = from.tree();
        Found moved = tree.child(from.node(), from.open(), oldName);
        Found replaced = tree.childIfPresent(to.node(), to.open(), newName);
        if (replaced != null) {
            if (replaced.node() == moved.node()) {
                return;
            }
            requireNotLive(tree, replaced);
        }
        var _ = tree.liveDisk(moved.node()); // a live disk that is refused keeps its name
        Path oldPath = path(from, oldName);
        Path newPath = path(to, newName);
        requireNoParent(tree, oldPath);
        requireNoParent(tree, newPath);
        // A new name is a change of the file, too: its ctime is another one.
        FileChanges.Span change = moved.node().changes().begin();
        try {
            tree.liveFiles().renaming(() -> {
                Datastore.Rename rename = () -> Posix.rename(from.fd(), oldName, to.fd(), newName);
                if (oldPath == null || newPath == null) {
                    rename.run();
                } else {
                    // Live disks are known by their paths, so the datastore takes note of a new one, whatever happens.
                    tree.export().datastore().rename(oldPath, newPath, rename);
                }
                tree.moved(moved.node(), to.node(), newName);
            });
        } finally {
            change.end();
        }
        if (replaced != null) {
            tree.removed(replaced.node());
        }
    }

    private static @Nullable Path path(Subject directory, byte[] name) throws IOException {
        try {
            return LiveFiles.pathOf(directory.node(), directory.tree().export().datastore().directory())
                    .resolve(new String(name, StandardCharsets.UTF_8));
        } catch (java.nio.file.InvalidPathException _) {
            // The JVM cannot name such a file, so it cannot have made a live disk of it.
            return null;
        }
    }
}
