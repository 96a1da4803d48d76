package org.vmfinalize.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.IntToLongFunction;
import org.junit.jupiter.api.Test;

class NeighbourhoodSizeTest {

    private static final int KIB = 1 << 10;

    private final NeighbourhoodSize size = new NeighbourhoodSize(() -> 0);

    private int afterMisses(IntToLongFunction nanosOfBytes) {
        var random = new Random(5);
        for (int i = 0; i < 500; i++) {
            long position = random.nextInt(1 << 20) * 4096L;
            int bytes = size.sizeAt(position, position + 4096);
            size.took(bytes, nanosOfBytes.applyAsLong(bytes));
        }
        // Every sixteenth tries a larger one, so the smaller of two is what is good.
        return Math.min(size.sizeAt(1L << 40, (1L << 40) + 4096), size.sizeAt(2L << 40, (2L << 40) + 4096));
    }

    @Test
    void isLargeWhereABackupIsFarAway() {
        assertThat(afterMisses(bytes -> 40_000_000 + bytes * 5L)).isEqualTo(1024 * KIB);
    }

    @Test
    void isSmallWhereEachByteTakesItsTime() {
        assertThat(afterMisses(bytes -> 20_000 + bytes * 5L)).isEqualTo(64 * KIB);
    }

    @Test
    void isTwiceAsLargeEachTimeForWhoReadsOn() {
        long position = 0;
        for (int expected : new int[]{64, 128, 256, 512, 1024, 1024}) {
            int bytes = size.sizeAt(position, position + 4096);
            assertThat(bytes).isGreaterThanOrEqualTo(expected * KIB);
            position = Math.ceilDiv(position + 4096, (long) bytes) * bytes;
        }
    }
}
