package org.vmfinalize.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockMapTest {

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void agreesWithAPlainBitSetAcrossChunks(long seed) {
        var random = new Random(seed);
        int count = BlockMap.CHUNK_BLOCKS * 2 + 1 + random.nextInt(1000);
        var map = new BlockMap(count);
        var bits = new BitSet(count);
        for (int i = 0; i < 600; i++) {
            int from = random.nextInt(count);
            int end = Math.min(count,
                    from + (random.nextInt(20) == 0 ? random.nextInt(count) : random.nextInt(200)));
            map.mark(from, end, Origin.GUEST);
            bits.set(from, end);

            int at = random.nextInt(count);
            int limit = at + random.nextInt(count - at + 1);
            assertThat(map.isLocal(at)).isEqualTo(bits.get(at));
            assertThat(map.nextMissing(at, limit)).isEqualTo(Math.min(limit, bits.nextClearBit(at)));
            int set = bits.nextSetBit(at);
            assertThat(map.nextLocal(at, limit)).isEqualTo(set < 0 ? limit : Math.min(limit, set));
            assertThat(map.localBlocks()).isEqualTo(bits.cardinality());
        }
        map.mark(0, count, Origin.BACKUP);
        assertThat(map.isComplete()).isTrue();
        assertThat(map.localBlocks(Origin.GUEST)).isEqualTo(bits.cardinality());
        assertThat(map.localBlocks(Origin.BACKUP)).isEqualTo(count - bits.cardinality());
    }

    @Test
    void aSparseDiskOf4TiBTakesLessThan4MiB() {
        long blocks = (4L << 40) / BlockMap.BLOCK_BYTES;
        long before = usedBytes();

        var map = new BlockMap(blocks);
        map.mark(0, blocks / 2, Origin.ZERO);
        for (long chunk = 0; chunk < 1000; chunk++) {
            map.mark(blocks / 2 + chunk * BlockMap.CHUNK_BLOCKS,
                    blocks / 2 + chunk * BlockMap.CHUNK_BLOCKS + 1,
                    Origin.GUEST);
        }

        assertThat(usedBytes() - before).isLessThan(4 << 20);
        assertThat(map.localBlocks()).isEqualTo(blocks / 2 + 1000);
    }

    private static long usedBytes() {
        var runtime = Runtime.getRuntime();
        long used = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            System.gc();
            used = Math.min(used, runtime.totalMemory() - runtime.freeMemory());
        }
        return used;
    }
}
