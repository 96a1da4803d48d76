package org.vmfinalize.disk;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.backup.ByteRange;

/// Where a guest has missed something lately and is likely to read next, the newest first; then what machines have read of the
/// same restore point before, in their order.
///
/// It also keeps the order of the first misses, for the next machine that runs from the restore point.
///
/// **Threads:** any number.
public final class HotRanges {

    /// What a guest is likely to read behind a miss: 2 MiB.
    private static final long AHEAD_BYTES = 2 << 20;

    private static final int MAX_RANGES = 32;

    /// So much is remembered for the next time.
    public static final int MAX_LEARNED = 2048;

    @GuardedBy("this")
    private final ArrayDeque<ByteRange> ranges = new ArrayDeque<>();

    /// What was read before and not hydrated in this run, the first first.
    @GuardedBy("this")
    private final ArrayDeque<ByteRange> learned = new ArrayDeque<>();

    @GuardedBy("this")
    private final LinkedHashSet<ByteRange> order = new LinkedHashSet<>();

    @GuardedBy("this")
    private boolean news;

    HotRanges() {}

    /// Notes in which order the restore point was read before, the first first.
    public synchronized void learn(List<ByteRange> before) {
        learned.addAll(before);
        order.addAll(before);
    }

    /// What was read first: before, then now. At most [#MAX_LEARNED].
    public synchronized List<ByteRange> order() {
        return List.copyOf(order);
    }

    /// [#order()], if there is more in it than was learned and than was taken before.
    public synchronized Optional<List<ByteRange>> takeNews() {
        boolean any = news;
        news = false;
        return any ? Optional.of(order()) : Optional.empty();
    }

    /// Notes a miss.
    ///
    /// @param area what is brought in for it
    /// @param diskSize in bytes
    synchronized void missed(ByteRange area, long diskSize) {
        if (order.size() < MAX_LEARNED && order.add(area)) {
            news = true;
        }
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
        return ranges.isEmpty() ? learned.pollFirst() : ranges.pollFirst();
    }
}
