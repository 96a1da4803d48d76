package org.vmfinalize.nfs.export;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vmfinalize.nfs.posix.Descriptor;
import org.vmfinalize.nfs.posix.DirectoryReader;
import org.vmfinalize.nfs.posix.PosixException;

/// Walks through an export to learn where its files are.
///
/// That costs one system call per file, so clients with handles that mean nothing cannot have it done more than once in
/// a while.
///
/// **Threads:** any number; one walks, the others wait for it.
final class TreeScan {

    private static final Logger LOG = LoggerFactory.getLogger(TreeScan.class);
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(5);
    /// Scans take at most this part of the time.
    private static final int SHARE_OF_TIME = 20;

    private final ExportTree tree;
    private final ReentrantLock lock = new ReentrantLock();
    @GuardedBy("lock")
    private long nextNanos;

    TreeScan(ExportTree tree) {
        this.tree = tree;
    }

    /// Scans, unless that was done a moment ago.
    ///
    /// @return whether a scan was made after the call
    boolean runIfDue() throws IOException {
        lock.lock();
        try {
            if (System.nanoTime() - nextNanos < 0) {
                return false;
            }
            run();
            return true;
        } finally {
            lock.unlock();
        }
    }

    void run() throws IOException {
        lock.lock();
        try {
            ArrayDeque<Node> directories = new ArrayDeque<>();
            directories.add(tree.root());
            long start = System.nanoTime();
            while (!directories.isEmpty()) {
                scan(directories.remove(), directories);
            }
            long end = System.nanoTime();
            nextNanos = end + Math.max(PAUSE_NANOS, (end - start) * SHARE_OF_TIME);
        } finally {
            lock.unlock();
        }
    }

    private void scan(Node directory, ArrayDeque<Node> found) throws IOException {
        try (Descriptor open = tree.open(directory); DirectoryReader entries = ExportTree.read(open, 0)) {
            while (entries.hasNext()) {
                byte[] name = entries.next().name();
                if (FileName.isSelf(name) || FileName.isParent(name) || tree.isHidden(directory, name)) {
                    continue;
                }
                learn(directory, open, name, found);
            }
        } catch (NfsException | PosixException e) {
            if (directory == tree.root()) {
                throw e;
            }
            LOG.warn(
                    "export {}: a directory cannot be read ({}); handles of files in it are not valid until it can",
                    tree.export().path(), e.getMessage());
        }
    }

    private void learn(Node directory, Descriptor open, byte[] name, ArrayDeque<Node> found)
            throws IOException {
        try {
            ExportTree.Found child = tree.child(directory, open, name);
            if (child.status().isDirectory()) {
                found.add(child.node());
            }
        } catch (NfsException | PosixException e) {
            LOG.debug("a file went away while the export was scanned: {}", e.getMessage());
        }
    }
}
