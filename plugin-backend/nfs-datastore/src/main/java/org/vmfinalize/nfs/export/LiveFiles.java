package org.vmfinalize.nfs.export;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.StampedLock;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.datastore.Datastore;
import org.vmfinalize.disk.LiveDisk;
import org.vmfinalize.nfs.posix.FileStatus;

/// Which files are flat files of live disks.
///
/// Once found, a live disk belongs to its file until it is sealed, whatever the file is called meanwhile.
///
/// **Threads:** any number. A rename and what follows from it are one step for those who look for live disks: in between
/// a live disk would be taken for an ordinary file, and a write to it would be lost to hydration.
public final class LiveFiles {

    private final Datastore datastore;
    private final StampedLock names = new StampedLock();
    /// Goes up with each rename, which may change the paths of many files.
    private final AtomicLong renames = new AtomicLong();

    LiveFiles(Datastore datastore) {
        this.datastore = datastore;
    }

    /// A change of names, and what has to be told about it.
    public interface Rename {

        void run() throws IOException;
    }

    /// Runs `rename` while nobody looks for a live disk by its name.
    public void renaming(Rename rename) throws IOException {
        long stamp = names.writeLock();
        try {
            rename.run();
        } finally {
            renames.incrementAndGet();
            names.unlockWrite(stamp);
        }
    }

    @Nullable
    LiveDisk of(Node node) throws NfsException {
        LiveDisk known = node.live();
        if (known != null) {
            return stillLive(node, known);
        }
        if (!node.isRegular()) {
            return null;
        }
        long stamp = names.readLock();
        try {
            return notice(node);
        } finally {
            names.unlockRead(stamp);
        }
    }

    /// Looks at a name, and what follows from it.
    interface Look<T> {
        T run() throws IOException;
    }

    /// Runs `look` while nothing is renamed by a client.
    <T> T whileNamesStay(Look<T> look) throws IOException {
        long stamp = names.readLock();
        try {
            return look.run();
        } finally {
            names.unlockRead(stamp);
        }
    }

    /// As [#of], for those who hold the names already.
    @Nullable
    LiveDisk notice(Node node) throws NfsException {
        LiveDisk known = node.live();
        if (known != null) {
            return stillLive(node, known);
        }
        LiveDisk found = node.isRegular() ? lookUp(node) : null;
        if (found != null) {
            node.setLive(found);
        }
        return found;
    }

    /// Whether `node` is the flat file of a live disk that the datastore does not serve.
    boolean isRefused(Node node) throws NfsException {
        if (!node.isRegular() || !datastore.hasRefused()) {
            return false;
        }
        try {
            return datastore.isRefused(pathOf(node, datastore.directory()));
        } catch (InvalidPathException _) {
            return false;
        }
    }

    /// Checks that `node` is no disk on which others build: what these have would not fit it any more.
    ///
    /// @throws NfsException ROFS if it is one
    public void requireNoParent(Node node) throws NfsException {
        if (!node.isRegular() || !datastore.hasParents()) {
            return;
        }
        long stamp = names.readLock();
        try {
            if (datastore.isParent(knownPathOf(node))) {
                throw new NfsException(NfsStatus.ROFS);
            }
        } catch (InvalidPathException _) {
            // The JVM cannot name such a file, so it did not make a disk of it.
        } finally {
            names.unlockRead(stamp);
        }
    }

    private static @Nullable LiveDisk stillLive(Node node, LiveDisk known) {
        if (!known.isSealed()) {
            return known;
        }
        node.setLive(null);
        return null;
    }

    private @Nullable LiveDisk lookUp(Node node) throws NfsException {
        try {
            LiveDisk found = datastore.liveDisk(knownPathOf(node)).orElse(null);
            return found == null || found.isSealed() ? null : found;
        } catch (InvalidPathException _) {
            // The JVM cannot name such a file, so it did not make a live disk of it.
            return null;
        }
    }

    /// As [#pathOf], but remembered: ordinary files of finished disks are looked up at each read and write.
    private Path knownPathOf(Node node) throws NfsException {
        Node.KnownPath known = node.knownPath();
        long version = renames.get();
        if (known == null || known.renames() != version || known.location() != node.location()) {
            known = new Node.KnownPath(pathOf(node, datastore.directory()), node.location(), version);
            node.setKnownPath(known);
        }
        return known.path();
    }

    /// The path of `node`, made of the names under which it was seen last.
    ///
    /// @throws NfsException STALE if they lead in a circle, since somebody has moved folders on the server itself
    public static Path pathOf(Node node, Path directory) throws NfsException {
        ArrayDeque<byte[]> names = new ArrayDeque<>();
        Node.Location at = node.location();
        for (Node parent = at.parent(); parent != null; parent = at.parent()) {
            names.push(at.name());
            if (names.size() > ExportTree.DEEPEST) {
                throw new NfsException(NfsStatus.STALE);
            }
            at = parent.location();
        }
        Path path = directory;
        for (byte[] name : names) {
            path = path.resolve(new String(name, StandardCharsets.UTF_8));
        }
        return path;
    }

    /// What clients see of a file: a live disk changes when they write to it, not when it is hydrated.
    static FileStatus visible(Node node, FileStatus status) {
        Node.VisibleTimes times = node.visibleTimes();
        if (times == null) {
            if (node.live() == null) {
                return status;
            }
            times = new Node.VisibleTimes(status.modified(), status.changed());
            node.setVisibleTimes(times);
        }
        return status.withTimes(times.modified(), times.changed());
    }

    /// Notes that a client has changed `node`'s content now.
    public static void written(Node node) {
        if (node.visibleTimes() != null) {
            FileStatus.Time now = FileStatus.Time.now();
            node.setVisibleTimes(new Node.VisibleTimes(now, now));
        }
    }

    /// Notes that a client has changed `node`'s attributes, as in `status`.
    ///
    /// @param times whether it has set the times themselves
    public static void attributesSet(Node node, FileStatus status, boolean times) {
        Node.VisibleTimes before = node.visibleTimes();
        if (before != null) {
            node.setVisibleTimes(
                    new Node.VisibleTimes(times ? status.modified() : before.modified(), status.changed()));
        }
    }
}
