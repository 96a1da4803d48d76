package org.vmfinalize.disk;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.backup.ByteRange;

/// Where a guest has missed something lately and is likely to read next, the newest first.
///
/// **Threads:** any number.
public final class HotRanges {

    /// What a guest is likely to read behind a miss: 2 MiB.
    private static final long AHEAD_BYTES = 2 << 20;

    private static final int MAX_RANGES = 32;

    @GuardedBy("this")
    private final ArrayDeque<ByteRange> ranges = new ArrayDeque<>();

    HotRanges() {}

    /// Notes a miss.
    ///
    /// @param area what is brought in for it
    /// @param diskSize in bytes
    synchronized void missed(ByteRange area, long diskSize) {
        var ahead = new ByteRange(area.end(), Math.min(diskSize, area.end() + AHEAD_BYTES));
        var newest = ranges.peekFirst();
        if (ahead.isEmpty() || (newest != null && newest.overlaps(ahead))) {
            return;
        }
        ranges.addFirst(ahead);
        if (ranges.size() > MAX_RANGES) {
            ranges.removeLast();
        }
    }

    /// Takes the hottest range; null if there is none.
    @Nullable
    public synchronized ByteRange poll() {
        return ranges.pollFirst();
    }
}
