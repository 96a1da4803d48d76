package org.vmfinalize.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
            assertThat(map.countLocal(at, limit)).isEqualTo(bits.get(at, limit).cardinality());
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

    @Test
    void theWorstPatternOf4TiBTakesLessThan64MiB(@TempDir Path folder) throws IOException {
        long blocks = (4L << 40) / BlockMap.BLOCK_BYTES;
        long before = usedBytes();

        var map = new BlockMap(blocks, new ScratchBits(Volume.local(), folder));
        long[] everySecond = new long[BlockMap.CHUNK_WORDS];
        Arrays.fill(everySecond, 0x5555_5555_5555_5555L);
        for (int chunk = 0; chunk < map.chunkCount(); chunk++) {
            map.restoreChunk(chunk, everySecond.clone());
        }

        assertThat(usedBytes() - before).isLessThan(16 << 20);
        assertThat(map.localBlocks()).isEqualTo(blocks / 2);
        for (long block = 1; block < blocks; block += blocks / 1009) {
            assertThat(map.isLocal(block)).isEqualTo(block % 2 == 0);
            assertThat(map.nextLocal(block, blocks)).isEqualTo(block + block % 2);
        }
        try (var files = Files.list(folder)) {
            assertThat(files).as("it has no name").isEmpty();
        }
        map.close();
    }

    @ParameterizedTest(name = "the scratch file fails: {0}")
    @ValueSource(booleans = {false, true})
    void bitsBeyondTheHeapsShareAreKeptAsWell(boolean scratchFails) throws IOException {
        var volume = new PowerLossVolume(new Random(1));
        int chunks = 4096 + 4;
        var map = new BlockMap((long) chunks * BlockMap.CHUNK_BLOCKS,
                new ScratchBits(volume, Path.of("/state")));
        for (int chunk = 0; chunk < chunks; chunk++) {
            map.mark((long) chunk * BlockMap.CHUNK_BLOCKS + 7, (long) chunk * BlockMap.CHUNK_BLOCKS + 9,
                    Origin.GUEST);
        }
        if (scratchFails) {
            volume.fault = (step, _) -> {
                if (step.equals("write")) {
                    throw new NoSpaceException("full", new IOException("No space left on device"));
                }
            };
        }

        for (int round = 1; round <= 3; round++) {
            for (int chunk = 4090; chunk < chunks; chunk++) {
                long start = (long) chunk * BlockMap.CHUNK_BLOCKS;
                map.mark(start + 8, start + 100L * round, Origin.BACKUP);
            }
            for (int chunk = 4090; chunk < chunks; chunk++) {
                long start = (long) chunk * BlockMap.CHUNK_BLOCKS;
                assertThat(map.nextLocal(start, start + 1000)).isEqualTo(start + 7);
                assertThat(map.nextMissing(start + 8, start + 1000)).isEqualTo(start + 100L * round);
                assertThat(map.isLocal(start + 100L * round - 1)).isTrue();
                assertThat(map.isLocal(start + 100L * round)).isFalse();
            }
        }
        map.mark(0, map.blockCount(), Origin.ZERO);
        assertThat(map.isComplete()).isTrue();
    }

    /// Marks behind, at and before what was taken already, of chunks of every kind.
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aMapThatIsStoredWhileBlocksAreMarkedCountsWhatItStores(long seed) {
        var random = new Random(seed);
        int chunks = 6;
        int count = BlockMap.CHUNK_BLOCKS * chunks - 77;
        var map = new BlockMap(count);
        map.mark(0, 5, Origin.GUEST);
        map.mark(BlockMap.CHUNK_BLOCKS, BlockMap.CHUNK_BLOCKS * 2L, Origin.ZERO);
        map.mark(BlockMap.CHUNK_BLOCKS * 3L + 9, BlockMap.CHUNK_BLOCKS * 4L + 3, Origin.BACKUP);
        map.mark(count - 1, count, Origin.GUEST);
        var before = new BlockMap(count);

        var storing = map.beginStoring();
        for (int i = 0; i < chunks; i++) {
            if (storing.kinds[i] == BlockMap.Storing.FULL) {
                before.restoreFullChunk(i);
            }
            for (int n = 0; n < 20; n++) {
                int from = random.nextInt(count);
                map.mark(from, Math.min(count, from + random.nextInt(20_000)),
                        Origin.of(random.nextInt(Origin.COUNT)));
            }
            if (storing.kinds[i] == BlockMap.Storing.MIXED) {
                before.restoreChunk(i, Objects.requireNonNull(storing.takeMixed()));
            }
        }

        assertThat(storing.takeMixed()).isNull();
        assertThat(storing.count(Origin.BACKUP) + storing.count(Origin.GUEST) + storing.count(Origin.ZERO))
                .isEqualTo(before.localBlocks());
        assertThat(map.localBlocks()).isGreaterThanOrEqualTo(before.localBlocks());
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
