package org.vmfinalize.hydration;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.vmfinalize.backup.ByteRange;

class WriteBehindTest {

    private static final int PIECE = 256 << 10;
    private static final int SMALL = 64 << 10;
    private static final int MIB = 1 << 20;

    private final List<ByteRange> begun = new ArrayList<>();
    private final List<ByteRange> forgotten = new ArrayList<>();
    private long idleNanos = TimeUnit.MINUTES.toNanos(1);
    private final WriteBehind behind = new WriteBehind(begun::add, forgotten::add, () -> idleNanos,
            3 * PIECE);

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
        behind.wrote(ByteRange.of(0, 3 * PIECE + 1));

        assertThat(forgotten).containsExactly(ByteRange.of(0, 3 * PIECE + 1));
    }

    @Test
    void smallPiecesAreStoredTogetherWhereTheyLieCloseAndForgottenEachByItself() {
        behind.wrote(ByteRange.of(2 * MIB, SMALL));
        behind.wrote(ByteRange.of(MIB, SMALL));
        behind.wrote(ByteRange.of(4 * MIB, SMALL));
        assertThat(begun).isEmpty();

        behind.wrote(ByteRange.of(20 * MIB, SMALL));
        assertThat(begun).containsExactly(new ByteRange(MIB, 4 * MIB + SMALL));
        assertThat(forgotten).isEmpty();

        for (int i = 0; i < 9; i++) {
            behind.wrote(ByteRange.of(21 * MIB + 2L * i * SMALL, SMALL));
        }
        assertThat(begun).hasSize(1);
        assertThat(forgotten).containsExactly(ByteRange.of(2 * MIB, SMALL));
    }

    @Test
    void aLargePieceIsStoredAtOnceAndLetsSmallOnesGather() {
        behind.wrote(ByteRange.of(0, SMALL));
        behind.wrote(ByteRange.of(MIB, PIECE));
        behind.wrote(ByteRange.of(2 * MIB, SMALL));

        assertThat(begun).containsExactly(ByteRange.of(MIB, PIECE));

        behind.wrote(ByteRange.of(9 * MIB, SMALL));
        assertThat(begun).containsExactly(ByteRange.of(MIB, PIECE), new ByteRange(0, 2 * MIB + SMALL));
    }

    private List<ByteRange> write(int first, int count) {
        var ranges = new ArrayList<ByteRange>();
        for (int i = first; i < first + count; i++) {
            ranges.add(ByteRange.of((long) i * PIECE, PIECE));
            behind.wrote(ranges.getLast());
        }
        return ranges;
    }
}
