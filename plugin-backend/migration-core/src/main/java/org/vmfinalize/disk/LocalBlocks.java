package org.vmfinalize.disk;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The block map of an open disk, and which marks are not yet in the journal.
///
/// **Threads:** any number. A mark is visible to others when [#mark] returns; whoever marks has written the data before.
final class LocalBlocks {

    private final ReentrantLock lock = new ReentrantLock();

    /// Read without the lock, marked with it.
    private final BlockMap map;

    @GuardedBy("lock")
    private Marks pending = new Marks();

    LocalBlocks(BlockMap map) {
        this.map = map;
    }

    /// The map, for asking only.
    BlockMap map() {
        return map;
    }

    /// Marks what is not local in `[from, end)` and remembers it for the journal.
    ///
    /// @return how many marks wait for the journal
    int mark(long from, long end, Origin origin) {
        lock.lock();
        try {
            long at = map.nextMissing(from, end);
            while (at < end) {
                long stop = map.nextLocal(at, end);
                map.mark(at, stop, origin);
                pending.add(at, stop, origin);
                at = map.nextMissing(stop, end);
            }
            return pending.size();
        } finally {
            lock.unlock();
        }
    }

    /// Remembers for the journal that the guest changed `[from, end)`, which is local.
    ///
    /// @return how many marks wait for the journal
    int guestChanged(long from, long end) {
        lock.lock();
        try {
            pending.add(from, end, Origin.GUEST);
            return pending.size();
        } finally {
            lock.unlock();
        }
    }

    /// Hands over the marks that are not in the journal yet.
    Marks takePending() {
        lock.lock();
        try {
            var taken = pending;
            pending = new Marks();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /// Takes marks back that did not make it into the journal.
    void putBack(Marks marks) {
        lock.lock();
        try {
            marks.addAll(pending);
            pending = marks;
        } finally {
            lock.unlock();
        }
    }

    /// Begins to store the map while blocks go on being marked, see [BlockMap#beginStoring()].
    BlockMap.Storing beginStoring() {
        lock.lock();
        try {
            return map.beginStoring();
        } finally {
            lock.unlock();
        }
    }

    /// Takes the next mixed chunk of a map that is being stored; null after the last one.
    long @Nullable [] takeMixed(BlockMap.Storing storing) {
        lock.lock();
        try {
            return storing.takeMixed();
        } finally {
            lock.unlock();
        }
    }

    DiskCounters counters(long sizeBytes) {
        lock.lock();
        try {
            long local = Math.min(sizeBytes, map.localBlocks() * BlockMap.BLOCK_BYTES);
            long hydrated = Math.min(local, map.localBlocks(Origin.BACKUP) * BlockMap.BLOCK_BYTES);
            long zero = Math.min(local - hydrated, map.localBlocks(Origin.ZERO) * BlockMap.BLOCK_BYTES);
            return new DiskCounters(sizeBytes, local, hydrated, local - hydrated - zero, zero,
                    sizeBytes - local);
        } finally {
            lock.unlock();
        }
    }
}
