package org.vmfinalize.hydration;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.vmfinalize.backup.ByteRange;

class WriteBehindTest {

    private final List<ByteRange> begun = new ArrayList<>();
    private final List<ByteRange> forgotten = new ArrayList<>();
    private long idleNanos = TimeUnit.MINUTES.toNanos(1);
    private final WriteBehind behind = new WriteBehind(begun::add, forgotten::add, () -> idleNanos, 300);

    @Test
    void keepsTheLastWithinTheBoundAndForgetsTheRestOldestFirst() {
        var ranges = write(0, 5);

        assertThat(begun).isEqualTo(ranges);
        assertThat(forgotten).isEqualTo(ranges.subList(0, 2));
    }

    @Test
    void forgetsNothingWhileAGuestIsAtWork() {
        idleNanos = TimeUnit.MILLISECONDS.toNanos(10);
        var ranges = write(0, 5);

        assertThat(begun).isEqualTo(ranges);
        assertThat(forgotten).isEmpty();

        idleNanos = TimeUnit.MINUTES.toNanos(1);
        write(5, 1);
        assertThat(forgotten).as("what was left to the system is not asked for again")
                .containsExactly(ranges.get(2));
    }

    @Test
    void aRangeLargerThanTheBoundIsForgottenAtOnce() {
        behind.wrote(ByteRange.of(0, 301));

        assertThat(forgotten).containsExactly(ByteRange.of(0, 301));
    }

    private List<ByteRange> write(int first, int count) {
        var ranges = new ArrayList<ByteRange>();
        for (int i = first; i < first + count; i++) {
            ranges.add(ByteRange.of(i * 100L, 100));
            behind.wrote(ranges.getLast());
        }
        return ranges;
    }
}
