package org.vmfinalize.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockSumsTest {

    private static final int BLOCKS = 3000;
    private static final long SIZE = BLOCKS * 4096L;
    private static final Path FOLDER = Path.of("/ds/state");
    private static final UUID ID = new UUID(1, 2);

    private final PowerLossVolume volume = new PowerLossVolume(new Random(5));

    private BlockSums create() throws IOException {
        volume.createFolder(FOLDER);
        return BlockSums.create(volume, FOLDER, ID, SIZE);
    }

    private void assertRefused(UUID id, String why) {
        assertThatExceptionOfType(DamagedStateException.class)
                .isThrownBy(() -> BlockSums.open(volume, FOLDER, id, SIZE)).withMessageContaining(why);
    }

    @Test
    void refusesTheFileOfAnotherDiskOfANewerVersionOfAnotherLengthAndADamagedHeader() throws IOException {
        create().close();
        assertRefused(new UUID(3, 4), "must be of disk 00000000-0000-0003");
        try (var file = volume.open(FOLDER.resolve(BlockSums.FILE))) {
            file.write(ByteBuffer.wrap(new byte[]{0, 0, 0, 2}), 8);
            assertRefused(ID, "version must be 1 but was 2");
            file.write(ByteBuffer.wrap(new byte[]{0, 0, 0, 1, 7}), 8);
            assertRefused(ID, "its header must name this disk");
            file.setLength(file.size() - 4);
            assertRefused(ID, "bytes but has");
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void saysWhatTheJournalSaysWhetherTheFileHasItOrNot(long seed) throws IOException {
        var random = new Random(seed);
        int[] expected = new int[BLOCKS];
        try (var sums = create()) {
            var replay = sums.replay();
            // Twice in the order of their blocks, as a journal of more marks than are sorted at once is read.
            for (int block = 0, round = 0; round < 2; block += 1 + random.nextInt(40)) {
                int count = Math.min(1 + random.nextInt(60), BLOCKS - block);
                if (count < 1) {
                    round++;
                    block = 0;
                    continue;
                }
                var origin = Origin.of(random.nextInt(Origin.COUNT));
                replay.mark(block, count, origin);
                if (origin == Origin.GUEST) {
                    Arrays.fill(expected, block, block + count, BlockSums.GUEST);
                }
            }
            replay.finish();
            do {
                check(sums, expected, random);
            } while (!sums.settle(3));
            check(sums, expected, random);
            sums.force();
        }
        volume.losePower();
        try (var sums = BlockSums.open(volume, FOLDER, ID, SIZE)) {
            check(sums, expected, random);
        }
    }

    private static void check(BlockSums sums, int[] expected, Random random) throws IOException {
        assertThat(sums.slots(0, BLOCKS)).isEqualTo(expected);
        for (int i = 0; i < 20; i++) {
            int from = random.nextInt(BLOCKS);
            int end = from + 1 + random.nextInt(Math.min(50, BLOCKS - from));
            var part = Arrays.copyOfRange(expected, from, end);
            assertThat(sums.slots(from, end - from)).isEqualTo(part);
            if (sums.isUnknown(from, end)) {
                assertThat(part).containsOnly(BlockSums.UNKNOWN);
            }
        }
    }

    @Test
    void whatTheJournalSaysIsWrittenBeforeThatIsDropped() throws IOException {
        try (var sums = create()) {
            var replay = sums.replay();
            replay.mark(7, 1, Origin.GUEST);
            replay.mark(9, 2, Origin.GUEST);
            replay.finish();
            assertThat(sums.settle(1)).isFalse();
            assertThat(sums.settle(1)).isTrue();
            assertThat(sums.settle(1)).isTrue();
        }
        try (var sums = BlockSums.open(volume, FOLDER, ID, SIZE)) {
            assertThat(sums.slots(6, 6)).containsExactly(0, 1, 0, 1, 1, 0);
        }
    }

    @Test
    void aGuestsWriteIsNewsAgainAfterItsBlockWasHydrated() throws IOException {
        try (var sums = create()) {
            assertThat(sums.guestWrites(31, 35)).isTrue();
            assertThat(sums.guestWrites(30, 35)).isTrue();
            assertThat(sums.guestWrites(30, 35)).isFalse();

            sums.hydrated(33, ByteBuffer.allocate(4096));
            assertThat(sums.guestWrites(30, 33)).isFalse();
            assertThat(sums.guestWrites(33, 34)).isTrue();
            sums.forget(30, 32);
            assertThat(sums.guestWrites(32, 35)).isFalse();
            assertThat(sums.guestWrites(30, 32)).isTrue();
            assertThat(sums.slots(29, 7)).containsExactly(0, 1, 1, 1, 1, 1, 0);
        }
    }

    @Test
    void blocksFarApartAreNotTakenForEachOther() {
        var known = new KnownGuestBlocks();
        long far = 2L << 30 >> 12;

        known.add(5, 70);
        assertThat(known.contain(5, 70)).isTrue();
        assertThat(known.contain(4, 6)).isFalse();
        assertThat(known.contain(69, 71)).isFalse();
        assertThat(known.contain(far + 5, far + 6)).isFalse();

        known.add(far + 5, far + 6);
        assertThat(known.contain(far + 5, far + 6)).isTrue();
        assertThat(known.contain(5, 6)).as("its place was taken").isFalse();
        known.remove(0, 1L << 40);
        assertThat(known.contain(32, 33)).isFalse();
    }
}
