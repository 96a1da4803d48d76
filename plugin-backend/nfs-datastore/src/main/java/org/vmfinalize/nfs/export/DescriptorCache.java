package org.vmfinalize.nfs.export;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.concurrent.locks.ReentrantLock;
import org.vmfinalize.nfs.posix.Descriptor;

/// Keeps the files that are used most open between requests, and bounds how many are.
///
/// Files stand in a queue in the order in which they were opened; the first one that has not been used since it was
/// looked at last is closed (a "clock"). Files with data that are not durable stay open if they can: the system may forget
/// that it could not store some when nobody has the file open.
///
/// **Threads:** any number.
final class DescriptorCache {

    private final int most;
    private final ReentrantLock lock = new ReentrantLock();
    @GuardedBy("lock")
    private final ArrayDeque<Node> open = new ArrayDeque<>();

    DescriptorCache(int most) {
        this.most = most;
    }

    /// Keeps `descriptor` open for `node`. The caller is one more user of it.
    void keep(Node node, Descriptor descriptor) {
        lock.lock();
        try {
            descriptor.acquire();
            Descriptor before = node.descriptor();
            node.setDescriptor(descriptor);
            if (before != null) {
                before.close();
            } else {
                open.add(node);
            }
            while (open.size() > most) {
                closeOne();
            }
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void closeOne() {
        for (int tries = open.size(); tries > 0 && isSpared(open.element()); tries--) {
            Node spared = open.remove();
            spared.setRecentlyUsed(false);
            open.add(spared);
        }
        letGo(open.remove());
    }

    private static boolean isSpared(Node node) {
        return node.isRecentlyUsed() || node.isDirty();
    }

    private static void letGo(Node node) {
        Descriptor descriptor = node.descriptor();
        node.setDescriptor(null);
        if (descriptor != null) {
            descriptor.close();
        }
    }

    /// Closes the file of `node`, if it is open, once its present users are done.
    void forget(Node node) {
        lock.lock();
        try {
            if (open.remove(node)) {
                letGo(node);
            }
        } finally {
            lock.unlock();
        }
    }

    void closeAll() {
        lock.lock();
        try {
            open.forEach(DescriptorCache::letGo);
            open.clear();
        } finally {
            lock.unlock();
        }
    }
}
