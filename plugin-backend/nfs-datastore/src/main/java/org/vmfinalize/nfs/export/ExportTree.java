package org.vmfinalize.nfs.export;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vmfinalize.datastore.Datastore;
import org.vmfinalize.disk.DiskReadOnlyException;
import org.vmfinalize.disk.LiveDisk;
import org.vmfinalize.nfs.posix.Descriptor;
import org.vmfinalize.nfs.posix.DirectoryReader;
import org.vmfinalize.nfs.posix.Errno;
import org.vmfinalize.nfs.posix.FileStatus;
import org.vmfinalize.nfs.posix.Posix;
import org.vmfinalize.nfs.posix.PosixException;

/// The files of one export.
///
/// Every file is reached from an open directory by a single name, without following links, and is checked to be the one
/// that its handle means. What lies on another mount, and the hidden folder in the root, does not exist for clients.
///
/// **Threads:** any number.
public final class ExportTree implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ExportTree.class);
    private static final int MOST_OPEN_FILES = 512;
    static final int DEEPEST = 256;
    private static final long WAITING_READ_BYTES = 128L << 20;
    private static final byte[] NO_NAME = {};
    /// A read leaves the time of last access as it is: there the verifier of an exclusive creation is kept, and a time that
    /// is set at each read would cost a write.
    private static final int NO_READ_TIMES = Posix.effectiveUser() == 0 ? Posix.O_NOATIME : 0;

    private final Export export;
    private final int id;
    private final Descriptor rootDescriptor;
    private final long mountId;
    private final NodeIndex index;
    private final Node root;
    private final DescriptorCache descriptors = new DescriptorCache(MOST_OPEN_FILES);
    private final TreeScan scan = new TreeScan(this);
    private final LiveFiles liveFiles;
    private final WaitingReads waitingReads = new WaitingReads(WAITING_READ_BYTES);
    private final WriteVerifier verifier;
    private final ReentrantLock changes = new ReentrantLock();

    private final FileSync fileSync;
    private final long largestFile;

    private ExportTree(Export export, int id, Descriptor rootDescriptor, FileStatus status,
            WriteVerifier verifier, FileSync fileSync, long largestFile) {
        this.fileSync = fileSync;
        this.largestFile = largestFile;
        this.verifier = verifier;
        this.export = export;
        this.id = id;
        this.rootDescriptor = rootDescriptor;
        mountId = status.mountId();
        index = new NodeIndex(id);
        root = index.learn(status, new Node.Location(null, NO_NAME));
        liveFiles = new LiveFiles(export.datastore());
    }

    /// Opens the export's directory and learns which files are in it, so that handles of an earlier run are known.
    static ExportTree open(Export export, int id, FileSync fileSync) throws IOException {
        Descriptor rootDescriptor = new Descriptor(Posix.openDirectory(export.datastore().directory()));
        try {
            Path hidden = export.datastore().directory().resolve(Datastore.HIDDEN_FOLDER);
            ExportTree tree = new ExportTree(export, id, rootDescriptor, Posix.status(rootDescriptor.fd()),
                    WriteVerifier.open(hidden), fileSync, LargestFile.in(hidden));
            tree.scan.run();
            return tree;
        } catch (IOException e) {
            rootDescriptor.close();
            throw e;
        }
    }

    public Export export() {
        return export;
    }

    /// Number of the export in file handles, and its file system id.
    public int id() {
        return id;
    }

    public Node root() {
        return root;
    }

    /// The most bytes that a file can have here.
    public long largestFile() {
        return largestFile;
    }

    /// The live disk whose flat file `node` is; null if it is an ordinary file.
    ///
    /// @throws NfsException IO if it is one that is not served, since what is stored about it is damaged
    public @Nullable LiveDisk liveDisk(Node node) throws NfsException {
        LiveDisk live = liveFiles.of(node);
        if (live == null && liveFiles.isRefused(node)) {
            throw new NfsException(NfsStatus.IO);
        }
        return live;
    }

    public LiveFiles liveFiles() {
        return liveFiles;
    }

    /// A change of names or attributes.
    public interface Change<T> {

        T run() throws IOException;
    }

    /// Makes a change while no other is made here: so looking at a name and removing it are one step, and what a client is
    /// told of before and after has nothing in it that another client did.
    public <T> T changing(Change<T> change) throws IOException {
        changes.lock();
        try {
            return change.run();
        } finally {
            changes.unlock();
        }
    }

    /// The memory of reads that wait for a backup.
    public WaitingReads waitingReads() {
        return waitingReads;
    }

    public WriteVerifier verifier() {
        return verifier;
    }

    /// The file that `handle` means.
    ///
    /// @throws NfsException STALE if there is none
    Node find(FileHandle handle) throws IOException {
        Node node = index.find(handle);
        // After a restart all files were scanned; only one that somebody else has moved meanwhile can still be found.
        if (node == null && !index.isGone(handle) && scan.runIfDue()) {
            node = index.find(handle);
            if (node == null) {
                index.noteGone(handle);
            }
        }
        if (node == null) {
            throw new NfsException(NfsStatus.STALE);
        }
        return node;
    }

    /// Opens `node`, for the caller to close. Files are open for reading and writing where that is allowed, directories
    /// for reading, all others for nothing but their attributes.
    ///
    /// @throws NfsException STALE if it is not where it was
    public Descriptor open(Node node) throws IOException {
        return open(node, DEEPEST);
    }

    private Descriptor open(Node node, int depth) throws IOException {
        Descriptor kept = node == root ? rootDescriptor : node.descriptor();
        if (kept != null && kept.acquire()) {
            if (!node.isRecentlyUsed()) {
                node.setRecentlyUsed(true);
            }
            return kept;
        }
        try {
            return openAnew(node, depth);
        } catch (NfsException | PosixException e) {
            if (isGone(e) && scan.runIfDue()) {
                return openAnew(node, depth);
            }
            throw isGone(e) ? new NfsException(NfsStatus.STALE) : e;
        }
    }

    private static boolean isGone(IOException e) {
        return switch (e) {
            case NfsException nfs -> nfs.status() == NfsStatus.STALE;
            case PosixException posix -> posix.errno() == Errno.ENOENT || posix.errno() == Errno.ENOTDIR
                    || posix.errno() == Errno.ELOOP;
            default -> false;
        };
    }

    private Descriptor openAnew(Node node, int depth) throws IOException {
        Node.Location location = node.location();
        Node parent = location.parent();
        if (parent == null || depth == 0) {
            throw new NfsException(NfsStatus.STALE);
        }
        try (Descriptor directory = open(parent, depth - 1)) {
            FileStatus status = Posix.statusAt(directory.fd(), location.name());
            requireSame(node, status);
            Descriptor opened = new Descriptor(openFile(directory.fd(), location.name(), status));
            try {
                requireSame(node, Posix.status(opened.fd()));
                descriptors.keep(node, opened);
                return opened;
            } catch (IOException e) {
                opened.close();
                throw e;
            }
        }
    }

    private static int openFile(int directory, byte[] name, FileStatus status) throws PosixException {
        if (status.isDirectory()) {
            return Posix.openAt(directory, name, Posix.O_RDONLY | Posix.O_DIRECTORY, 0);
        }
        if (!status.isRegular()) {
            return Posix.openAt(directory, name, Posix.O_PATH, 0);
        }
        try {
            return Posix.openAt(directory, name, Posix.O_RDWR | Posix.O_NONBLOCK | NO_READ_TIMES, 0);
        } catch (PosixException e) {
            if (e.errno() == Errno.ENOENT || e.errno() == Errno.ELOOP) {
                throw e;
            }
            return Posix.openAt(directory, name, Posix.O_RDONLY | Posix.O_NONBLOCK, 0);
        }
    }

    private void requireSame(Node node, FileStatus status) throws NfsException {
        if (!node.isSameFile(status) || status.mountId() != mountId) {
            throw new NfsException(NfsStatus.STALE);
        }
    }

    /// What clients see of an open file.
    ///
    /// @throws NfsException STALE if its last name has been removed
    public FileStatus status(Node node, Descriptor open) throws IOException {
        FileStatus status = Posix.status(open.fd());
        if (status.linkCount() == 0) {
            forget(node);
            throw new NfsException(NfsStatus.STALE);
        }
        return LiveFiles.visible(node, status);
    }

    /// A file that was found by its name.
    ///
    /// @param status what clients see of it
    public record Found(Node node, FileStatus status) {}

    /// Looks `name` up in `directory`.
    ///
    /// @param open the directory's descriptor
    /// @throws NfsException NOENT if there is no such file, or none for clients; other errors for impossible names
    public Found lookup(Node directory, Descriptor open, byte[] name) throws IOException {
        FileName.checkForLookup(name);
        if (FileName.isSelf(name) || FileName.isParent(name)) {
            Node parent = directory.location().parent();
            Node found = FileName.isSelf(name) || parent == null ? directory : parent;
            try (Descriptor descriptor = open(found)) {
                return new Found(found, status(found, descriptor));
            }
        }
        return child(directory, open, name);
    }

    /// The file `name`, which is neither `.` nor `..`, in `directory`.
    public Found child(Node directory, Descriptor open, byte[] name) throws IOException {
        if (isHidden(directory, name)) {
            throw new NfsException(NfsStatus.NOENT);
        }
        // What was seen before a rename must not be noted after it.
        return liveFiles.whileNamesStay(() -> {
            FileStatus status = Posix.statusAt(open.fd(), name);
            if (status.mountId() != mountId) {
                throw new NfsException(NfsStatus.NOENT);
            }
            Node node = index.learn(status, new Node.Location(directory, name));
            liveFiles.notice(node);
            return new Found(node, LiveFiles.visible(node, status));
        });
    }

    /// The child with `name`; null if there is none.
    public @Nullable Found childIfPresent(Node directory, Descriptor open, byte[] name) throws IOException {
        try {
            return child(directory, open, name);
        } catch (PosixException e) {
            if (e.errno() == Errno.ENOENT) {
                return null;
            }
            throw e;
        }
    }

    /// Whether `name` in `directory` is what no client sees.
    public boolean isHidden(Node directory, byte[] name) {
        return directory == root && FileName.isHidden(name);
    }

    /// Checks that a client may make something called `name` in `directory`.
    public void checkCreatable(Node directory, byte[] name) throws NfsException {
        FileName.checkForCreation(name);
        if (isHidden(directory, name)) {
            throw new NfsException(NfsStatus.ACCES);
        }
    }

    /// Checks that a client may remove or rename `name` in `directory`.
    public void checkRemovable(Node directory, byte[] name) throws NfsException {
        FileName.checkForRemoval(name);
        if (isHidden(directory, name)) {
            throw new NfsException(NfsStatus.NOENT);
        }
    }

    /// Reads the names in a directory from a cookie on.
    public static DirectoryReader read(Descriptor open, long cookie) throws PosixException {
        return DirectoryReader.open(open.fd(), cookie);
    }

    /// The parent of a directory; the root's is the root.
    public Node parent(Node directory) {
        Node parent = directory.location().parent();
        return parent == null ? directory : parent;
    }

    /// Notes that a name of `node` was removed.
    public void removed(Node node) throws IOException {
        Descriptor open = node.descriptor();
        if (open != null && open.acquire()) {
            try (open) {
                if (Posix.status(open.fd()).linkCount() > 0) {
                    return;
                }
            }
        }
        forget(node);
    }

    /// Notes that `node` was renamed.
    public void moved(Node node, Node directory, byte[] name) {
        node.moveTo(new Node.Location(directory, name));
    }

    private void forget(Node node) {
        index.forget(node);
        descriptors.forget(node);
    }

    /// Makes durable what was written to `node`.
    public void sync(Node node) throws IOException {
        node.setDirty(false);
        try {
            LiveDisk live = liveDisk(node);
            if (live != null) {
                live.flush();
            } else {
                try (Descriptor open = open(node)) {
                    fileSync.sync(open.fd(), false);
                }
            }
        } catch (IOException e) {
            noteLoss(node, e);
            if (e instanceof DiskReadOnlyException) {
                throw new IOException("what clients wrote to a live disk could not be made durable", e);
            }
            throw e;
        }
    }

    /// Makes durable what was written to `node` and its attributes.
    ///
    /// @param open its descriptor
    public void syncAttributes(Node node, Descriptor open) throws IOException {
        try {
            fileSync.sync(open.fd(), true);
        } catch (IOException e) {
            node.commits().noteFailure();
            noteLoss(node, e);
            throw e;
        }
    }

    private void noteLoss(Node node, IOException cause) {
        node.setDirty(true);
        if (!(cause instanceof NfsException)) {
            // Data that were acknowledged as unstable may be gone: clients must send them again.
            verifier.change();
        }
    }

    /// Makes all durable that was written, and closes all files.
    @Override
    public void close() throws IOException {
        IOException failure = null;
        for (Node node : index.all()) {
            try {
                if (node.isDirty()) {
                    sync(node);
                }
            } catch (NfsException e) {
                LOG.debug("a file that was removed needs no sync: {}", e.getMessage());
            } catch (IOException e) {
                failure = failure == null ? e : failure;
            }
        }
        descriptors.closeAll();
        rootDescriptor.close();
        if (failure != null) {
            throw new IOException(
                    "export %s: what clients wrote last may not be durable".formatted(export.path()),
                    failure);
        }
        verifier.leave();
    }

}
