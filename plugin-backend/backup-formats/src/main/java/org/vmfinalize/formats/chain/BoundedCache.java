package org.vmfinalize.formats.chain;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Keeps what was used last, up to a number of bytes.
///
/// **Threads:** any number. Two that miss the same key both make the value; either may stay.
public final class BoundedCache<K, V> {

    private record Entry<V>(V value, int bytes) {}

    private final long maxBytes;

    @GuardedBy("this")
    private final Map<K, Entry<V>> entries = new LinkedHashMap<>(16, 0.75f, true);

    @GuardedBy("this")
    private long bytes;

    @GuardedBy("this")
    private long added;

    public BoundedCache(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /// Null if it is not there, or no more.
    public synchronized @Nullable V get(K key) {
        Entry<V> entry = entries.get(key);
        return entry == null ? null : entry.value();
    }

    /// Keeps it until room is needed for others.
    ///
    /// @param size how many bytes the value takes
    public synchronized void put(K key, V value, int size) {
        added++;
        Entry<V> before = entries.put(key, new Entry<>(value, size));
        bytes += size - (before == null ? 0 : before.bytes());
        Iterator<Entry<V>> oldest = entries.values().iterator();
        while (bytes > maxBytes && oldest.hasNext()) {
            bytes -= oldest.next().bytes();
            oldest.remove();
        }
    }

    /// How often a value was put, which only grows.
    synchronized long added() {
        return added;
    }

    synchronized long bytes() {
        return bytes;
    }
}
