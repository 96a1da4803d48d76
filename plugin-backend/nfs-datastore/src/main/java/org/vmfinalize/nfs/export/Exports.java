package org.vmfinalize.nfs.export;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// All exports of a server.
///
/// **Threads:** any number.
public final class Exports implements AutoCloseable {

    /// A file that a handle led to.
    ///
    /// @param rule what the client that showed the handle may do
    public record ExportedFile(ExportTree tree, Node node, ClientRule rule) {}

    private final List<ExportTree> trees;

    private Exports(List<ExportTree> trees) {
        this.trees = List.copyOf(trees);
    }

    /// Opens the directories of all exports.
    ///
    /// @throws IllegalArgumentException if two exports could not be told apart
    public static Exports open(List<Export> exports) throws IOException {
        return open(exports, FileSync.SYSTEM);
    }

    /// As [#open(List)], with another way to make files durable, for tests.
    public static Exports open(List<Export> exports, FileSync fileSync) throws IOException {
        List<ExportTree> opened = new ArrayList<>();
        try {
            for (Export export : exports) {
                int id = idOf(export.path());
                if (opened.stream().anyMatch(other -> other.id() == id)) {
                    throw new IllegalArgumentException(
                            "export %s: another export has the same path or the same number; choose another path"
                                    .formatted(export.path()));
                }
                for (ExportTree other : opened) {
                    requireApart(export, other.export());
                }
                opened.add(ExportTree.open(export, id, fileSync));
            }
            return new Exports(opened);
        } catch (IOException | RuntimeException e) {
            closeAll(opened, e);
            throw e;
        }
    }

    /// Through the outer one of two nested exports clients would see the hidden state of the inner one, and its live disks
    /// as ordinary files.
    private static void requireApart(Export one, Export other) throws IOException {
        Path mine = one.datastore().directory().toRealPath();
        Path theirs = other.datastore().directory().toRealPath();
        if (mine.startsWith(theirs) || theirs.startsWith(mine)) {
            throw new IllegalArgumentException(
                    "export %s: its folder must be neither inside that of %s nor around it but they are %s and %s; choose another folder"
                            .formatted(one.path(), other.path(), mine, theirs));
        }
    }

    /// The number that stands for an export in handles and attributes.
    static int idOf(String path) {
        CRC32C crc = new CRC32C();
        crc.update(path.getBytes(StandardCharsets.UTF_8));
        return (int) crc.getValue();
    }

    public List<ExportTree> trees() {
        return trees;
    }

    /// Whether `client` may use any export.
    public boolean isKnown(InetAddress client) {
        for (ExportTree tree : trees) {
            if (tree.export().ruleFor(client) != null) {
                return true;
            }
        }
        return false;
    }

    /// The file that a handle means to `client`.
    ///
    /// @param handle bytes between position and limit
    /// @throws NfsException BADHANDLE, STALE, or ACCES if the client may not use the export
    public ExportedFile find(ByteBuffer handle, InetAddress client) throws IOException {
        FileHandle decoded = FileHandle.decode(handle);
        for (ExportTree tree : trees) {
            if (tree.id() == decoded.export()) {
                ClientRule rule = tree.export().ruleFor(client);
                if (rule == null) {
                    throw new NfsException(NfsStatus.ACCES);
                }
                return new ExportedFile(tree, tree.find(decoded), rule);
            }
        }
        throw new NfsException(NfsStatus.STALE);
    }

    /// The export that a handle names, whether there is such a file or not; null if there is none.
    ///
    /// @param handle bytes between position and limit
    public @Nullable ExportTree treeOf(ByteBuffer handle) {
        try {
            int id = FileHandle.decode(handle).export();
            return trees.stream().filter(tree -> tree.id() == id).findFirst().orElse(null);
        } catch (NfsException _) {
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        IOException failure = new IOException("not all exports could be closed");
        closeAll(trees, failure);
        if (failure.getSuppressed().length > 0) {
            throw failure;
        }
    }

    private static void closeAll(List<ExportTree> trees, Exception failure) {
        for (ExportTree tree : trees) {
            try {
                tree.close();
            } catch (IOException e) {
                failure.addSuppressed(e);
            }
        }
    }
}
