package org.vmfinalize.nfs.export;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.nfs.posix.FileStatus;

/// Which file has which inode, and where it was seen last.
///
/// It holds every file that was ever seen and still is there, some 200 bytes each, and the last handles that are known to lead
/// nowhere: hosts go on asking for files that are gone, and each time all files would have to be looked through.
///
/// **Threads:** any number.
final class NodeIndex {

    private static final int MOST_GONE = 4096;

    private final int export;
    private final ConcurrentMap<Long, Node> nodes = new ConcurrentHashMap<>();

    @GuardedBy("gone")
    private final Map<FileHandle, Boolean> gone = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<FileHandle, Boolean> eldest) {
            return size() > MOST_GONE;
        }
    };

    NodeIndex(int export) {
        this.export = export;
    }

    /// The file of a handle; null if it is not known.
    @Nullable
    Node find(FileHandle handle) {
        Node node = nodes.get(handle.inode());
        return node != null && node.handle().equals(handle) ? node : null;
    }

    /// The file with an inode's number; null if it is not known.
    @Nullable
    Node find(long inode) {
        return nodes.get(inode);
    }

    /// Notes that the file with `status` was seen at `location`.
    Node learn(FileStatus status, Node.Location location) {
        Node known = nodes.get(status.inode());
        if (known == null || !known.isSameFile(status)) {
            known = nodes.compute(status.inode(), (_, now) -> now != null && now.isSameFile(status)
                    ? now
                    : new Node(FileHandle.of(export, status), status, location));
        }
        if (!known.location().isSame(location)) {
            known.moveTo(location);
        }
        return known;
    }

    void forget(Node node) {
        nodes.remove(node.handle().inode(), node);
        noteGone(node.handle());
    }

    /// Notes that `handle` leads nowhere: its file was removed, or not found among all. If the file comes back from
    /// elsewhere it is learnt, and its handle valid, when it is seen next.
    void noteGone(FileHandle handle) {
        synchronized (gone) {
            gone.put(handle, true);
        }
    }

    boolean isGone(FileHandle handle) {
        synchronized (gone) {
            return gone.containsKey(handle);
        }
    }

    Collection<Node> all() {
        return nodes.values();
    }
}
