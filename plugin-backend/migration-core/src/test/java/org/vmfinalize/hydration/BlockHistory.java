package org.vmfinalize.hydration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// All writes to one block, each a stamp of eight bytes that fills it, and which of them a read may return.
///
/// Writes that overlap in time may take effect in either order. A read that overlaps with a write may find bytes of both, as
/// of a file; one that does not must find one write as a whole.
final class BlockHistory {

    static final long BACKUP = 0;

    private static final long NOT_YET = Long.MAX_VALUE;

    private final AtomicLong clock;
    private final List<Write> writes = new ArrayList<>(List.of(new Write(BACKUP, -1, -1)));

    /// @param clock orders what happens to all blocks
    BlockHistory(AtomicLong clock) {
        this.clock = clock;
    }

    private static final class Write {

        private final long stamp;
        private final long began;
        private long acknowledged;

        Write(long stamp, long began, long acknowledged) {
            this.stamp = stamp;
            this.began = began;
            this.acknowledged = acknowledged;
        }
    }

    synchronized void begins(long stamp) {
        writes.add(new Write(stamp, clock.incrementAndGet(), NOT_YET));
    }

    synchronized void isAcknowledged(long stamp) {
        writes.stream().filter(write -> write.stamp == stamp)
                .forEach(write -> write.acknowledged = clock.incrementAndGet());
    }

    /// Checks what was read between two moments of the clock.
    synchronized void check(ByteBuffer found, long began, long ended, String where) {
        long superseded = writes.stream().filter(write -> write.acknowledged < began)
                .mapToLong(write -> write.began).max().orElse(-1);
        var allowed = writes.stream()
                .filter(write -> write.began < ended && write.acknowledged >= superseded).toList();
        boolean overlaps = allowed.stream().anyMatch(write -> write.acknowledged > began);
        long first = found.getLong(0);
        if (!overlaps) {
            assertThat(allowed).as("%s has the stale stamp %x", where, first)
                    .anyMatch(write -> write.stamp == first);
        }
        for (int i = 0; i < found.limit(); i++) {
            int shift = 56 - i % 8 * 8;
            byte value = found.get(i);
            boolean right = overlaps
                    ? allowed.stream().anyMatch(write -> (byte) (write.stamp >> shift) == value)
                    : value == (byte) (first >> shift);
            assertThat(right).as("%s is torn or stale at byte %d", where, i).isTrue();
        }
    }
}
