package org.vmfinalize.places.cache;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The blocks on disk: a file of slots, and a file that says what is in each.
///
/// When all slots are taken, one that was not read since the hand last came by is given to the next block (the clock
/// algorithm). A cache that cannot be read or written costs time, nothing else.
///
/// **Threads:** any number. Nothing is read or written while the lock is held: a block that is replaced while it is read is
/// found out by its checksum.
final class Slots implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(Slots.class);

    private final FileChannel lock;
    private final SlotFile blocks;
    private final SlotFile index;
    private final @Nullable SlotIndex[] entries;

    @GuardedBy("this")
    private final Map<BlockKey, Integer> slotOf = new HashMap<>();

    /// Read since the hand came by.
    @GuardedBy("this")
    private final BitSet used = new BitSet();

    /// Being written.
    @GuardedBy("this")
    private final BitSet busy = new BitSet();

    @GuardedBy("this")
    private int hand;

    private volatile boolean complained;

    private Slots(FileChannel lock, SlotFile blocks, SlotFile index, int count) {
        this.lock = lock;
        this.blocks = blocks;
        this.index = index;
        this.entries = new SlotIndex[count];
    }

    /// Opens the files in `folder`, or makes them.
    ///
    /// @param count how many slots there may be, at least 1
    /// @throws IOException if another server has them open, or they cannot be used
    static Slots open(Path folder, int count) throws IOException {
        Files.createDirectories(folder);
        var lock = locked(folder);
        try {
            return open(folder, count, lock);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static Slots open(Path folder, int count, FileChannel lock) throws IOException {
        var blocks = new SlotFile(folder.resolve("blocks-1"), BlockCache.BLOCK_BYTES);
        var index = new SlotFile(folder.resolve("index-1"), SlotIndex.BYTES);
        var slots = new Slots(lock, blocks, index, count);
        try {
            blocks.cut(count);
            index.cut(count);
            slots.load();
            return slots;
        } catch (IOException | RuntimeException e) {
            slots.close();
            throw e;
        }
    }

    /// Two servers would write over each other's blocks.
    private static FileChannel locked(Path folder) throws IOException {
        var channel = FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException _) {
            // As if it were another process.
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        channel.close();
        throw new IOException(
                "the cache of places %s: must be used by one server alone but another one uses it; give each its own by vmfinalize.place-cache.directory"
                        .formatted(folder));
    }

    private synchronized void load() throws IOException {
        int there = Math.min(index.slots(), entries.length);
        for (int slot = 0; slot < there; slot++) {
            var entry = SlotIndex.decode(index.read(slot, SlotIndex.BYTES)).orElse(null);
            if (entry != null) {
                entries[slot] = entry;
                slotOf.put(entry.key(), slot);
            }
        }
    }

    /// The bytes of a block, if they are here and whole.
    @Nullable
    ByteBuffer get(BlockKey key) {
        int slot;
        SlotIndex entry;
        synchronized (this) {
            Integer found = slotOf.get(key);
            if (found == null) {
                return null;
            }
            slot = found;
            entry = entries[slot];
            used.set(slot);
        }
        if (entry == null) {
            return null;
        }
        try {
            var bytes = blocks.read(slot, entry.length());
            if (SlotIndex.crcOf(bytes.duplicate()) == entry.crc()) {
                return bytes;
            }
        } catch (EOFException _) {
            // A crash came between the block and its entry.
        } catch (IOException e) {
            complain(e);
        }
        forget(slot, entry);
        return null;
    }

    @SuppressWarnings("ReferenceEquality") // another entry may have taken the slot meanwhile
    private synchronized void forget(int slot, SlotIndex entry) {
        if (entries[slot] == entry) {
            entries[slot] = null;
            slotOf.remove(entry.key());
        }
    }

    /// Keeps the bytes of a block.
    ///
    /// @param bytes from position to limit; not changed
    void put(BlockKey key, ByteBuffer bytes) {
        var taken = take(key);
        if (taken.isEmpty()) {
            return;
        }
        int slot = taken.getAsInt();
        var entry = new SlotIndex(key, bytes.remaining(), SlotIndex.crcOf(bytes.duplicate()));
        boolean written = false;
        try {
            blocks.write(slot, bytes.duplicate());
            index.write(slot, entry.encode());
            written = true;
        } catch (IOException e) {
            complain(e);
        } finally {
            give(slot, written ? entry : null);
        }
    }

    private synchronized OptionalInt take(BlockKey key) {
        if (slotOf.containsKey(key)) {
            return OptionalInt.empty();
        }
        // Twice around: the first time may only find what was read since.
        for (int i = 0; i < 2 * entries.length; i++) {
            int slot = hand;
            hand = (hand + 1) % entries.length;
            if (busy.get(slot)) {
                continue;
            }
            if (entries[slot] == null || !used.get(slot)) {
                var old = entries[slot];
                if (old != null) {
                    slotOf.remove(old.key());
                    entries[slot] = null;
                }
                busy.set(slot);
                return OptionalInt.of(slot);
            }
            used.clear(slot);
        }
        return OptionalInt.empty();
    }

    private synchronized void give(int slot, @Nullable SlotIndex entry) {
        busy.clear(slot);
        if (entry != null && !slotOf.containsKey(entry.key())) {
            entries[slot] = entry;
            slotOf.put(entry.key(), slot);
        }
    }

    private void complain(IOException e) {
        if (!complained) {
            complained = true;
            LOG.warn(
                    "the cache of backups' blocks cannot be used ({}); they are read from their places again",
                    e.getMessage(), e);
        }
    }

    synchronized int held() {
        return slotOf.size();
    }

    @Override
    public void close() throws IOException {
        try (lock; blocks; index) {
            // Nothing to sync: what is lost is read again.
        }
    }
}
