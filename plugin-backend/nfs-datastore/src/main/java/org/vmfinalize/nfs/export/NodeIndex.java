package org.vmfinalize.nfs.export;

import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.nfs.posix.FileStatus;

/// Which file has which inode, and where it was seen last.
///
/// It holds every file that was ever seen and still is there, some 200 bytes each.
///
/// **Threads:** any number.
final class NodeIndex {

    private final int export;
    private final ConcurrentMap<Long, Node> nodes = new ConcurrentHashMap<>();

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
    }

    Collection<Node> all() {
        return nodes.values();
    }
}
