package org.vmfinalize.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The journal and the checkpoint as files: cut, damaged, exchanged.
class StoredMapTest {

    private static final Path FOLDER = Path.of("/ds/state");
    private static final Path JOURNAL = FOLDER.resolve("journal-1");
    private static final Path MAP = FOLDER.resolve("map");
    private static final UUID ID = new UUID(3, 4);
    private static final long SIZE = 40_000L * 4096;
    private static final int BATCHES = 5;

    private final PowerLossVolume volume = new PowerLossVolume(new Random(1));

    /// The journal's length and the number of local blocks after each batch.
    private final List<Integer> lengths = new ArrayList<>();
    private final List<Long> localBlocks = new ArrayList<>();

    @BeforeEach
    void writeBatches() throws IOException {
        volume.createFolder(FOLDER);
        var map = new BlockMap(SIZE / 4096);
        map.mark(20_000, 20_010, Origin.ZERO);
        var store = MapStore.create(volume, FOLDER, ID, SIZE, map).store();
        remember(10);
        for (int i = 0; i < BATCHES; i++) {
            var marks = new Marks();
            marks.add(i * 100L, i * 100L + 10, Origin.GUEST);
            marks.add(i * 100L + 50, i * 100L + 60, Origin.BACKUP);
            store.append(marks);
            store.forceJournal();
            remember(10 + 20L * (i + 1));
        }
        store.close();
    }

    private void remember(long blocks) {
        lengths.add(volume.bytes(JOURNAL).length);
        localBlocks.add(blocks);
    }

    private long localBlocksAfterOpening() throws IOException {
        var opened = MapStore.open(volume, FOLDER, ID, SIZE);
        opened.store().close();
        return opened.blocks().map().localBlocks();
    }

    private void replace(Path file, byte[] bytes) throws IOException {
        try (var open = volume.open(file)) {
            open.setLength(0);
            open.write(ByteBuffer.wrap(bytes), 0);
        }
    }

    @Test
    void aJournalCutAtAnyLengthKeepsItsWholeBatches() throws IOException {
        byte[] whole = volume.bytes(JOURNAL);
        for (int cut = lengths.getFirst(); cut <= whole.length; cut++) {
            replace(JOURNAL, Arrays.copyOf(whole, cut));
            int batches = 0;
            while (batches < BATCHES && lengths.get(batches + 1) <= cut) {
                batches++;
            }

            assertThat(localBlocksAfterOpening()).as("cut at %d", cut).isEqualTo(localBlocks.get(batches));
            assertThat(volume.bytes(JOURNAL)).as("the torn end is dropped").hasSize(lengths.get(batches));
        }
    }

    @Test
    void aJournalGoesOnAfterATornEnd() throws IOException {
        replace(JOURNAL, Arrays.copyOf(volume.bytes(JOURNAL), lengths.getLast() - 7));
        var store = MapStore.open(volume, FOLDER, ID, SIZE).store();
        var marks = new Marks();
        marks.add(30_000, 30_001, Origin.GUEST);
        store.append(marks);
        store.forceJournal();
        store.close();

        assertThat(localBlocksAfterOpening()).isEqualTo(localBlocks.get(BATCHES - 1) + 1);
    }

    @Test
    void everyDamagedByteOfTheJournalIsRefusedOrEndsItAtTheLastBatch() throws IOException {
        byte[] whole = volume.bytes(JOURNAL);
        int lastBatch = lengths.get(BATCHES - 1);
        for (int i = 0; i < whole.length; i++) {
            byte[] damaged = whole.clone();
            damaged[i] ^= 0x10;
            replace(JOURNAL, damaged);
            if (i < lastBatch) {
                assertThatExceptionOfType(DamagedStateException.class).as("byte %d", i)
                        .isThrownBy(this::localBlocksAfterOpening);
            } else {
                assertThat(localBlocksAfterOpening()).as("byte %d", i)
                        .isEqualTo(localBlocks.get(BATCHES - 1));
            }
        }
    }

    @Test
    void everyDamagedByteOfTheCheckpointIsRefused() throws IOException {
        byte[] whole = volume.bytes(MAP);
        for (int i = 0; i < whole.length; i++) {
            byte[] damaged = whole.clone();
            damaged[i] ^= 0x01;
            replace(MAP, damaged);
            assertThatExceptionOfType(DamagedStateException.class).as("byte %d", i)
                    .isThrownBy(this::localBlocksAfterOpening);
        }
        for (int length = 0; length < whole.length; length += 7) {
            replace(MAP, Arrays.copyOf(whole, length));
            assertThatExceptionOfType(DamagedStateException.class).as("length %d", length)
                    .isThrownBy(this::localBlocksAfterOpening);
        }
    }

    @Test
    void aNewerVersionIsRefusedAndSaysSo() throws IOException {
        byte[] map = volume.bytes(MAP);
        map[11] = 2;
        replace(MAP, map);

        assertThatExceptionOfType(DamagedStateException.class).isThrownBy(this::localBlocksAfterOpening)
                .withMessageContaining("version must be 1 but was 2");
    }

    @Test
    void theMapOfAnotherDiskAndAMissingJournalAreRefused() throws IOException {
        assertThatExceptionOfType(DamagedStateException.class)
                .isThrownBy(() -> MapStore.open(volume, FOLDER, new UUID(9, 9), SIZE));
        assertThatExceptionOfType(DamagedStateException.class)
                .isThrownBy(() -> MapStore.open(volume, FOLDER, ID, SIZE + 4096));
        volume.delete(JOURNAL);
        assertThatExceptionOfType(DamagedStateException.class).isThrownBy(this::localBlocksAfterOpening)
                .withMessageContaining("must exist");
    }

    @Test
    void aCheckpointTakesThePlaceOfTheJournal() throws IOException {
        var opened = MapStore.open(volume, FOLDER, ID, SIZE);
        opened.store().adopt(opened.store().prepareCheckpoint(opened.blocks()));
        opened.store().close();

        assertThat(volume.exists(JOURNAL)).isFalse();
        assertThat(localBlocksAfterOpening()).isEqualTo(localBlocks.getLast());
    }

    @Test
    void aBatchBehindACheckpointSurvivesPowerLoss() throws IOException {
        // Each round loses other things that were not forced.
        for (int round = 1; round <= 20; round++) {
            var opened = MapStore.open(volume, FOLDER, ID, SIZE);
            opened.store().adopt(opened.store().prepareCheckpoint(opened.blocks()));
            var marks = new Marks();
            marks.add(30_000 + round, 30_001 + round, Origin.GUEST);
            opened.store().append(marks);
            opened.store().forceJournal();

            volume.losePower();

            assertThat(localBlocksAfterOpening()).as("round %d", round)
                    .isEqualTo(localBlocks.getLast() + round);
        }
    }

    @Test
    void aMillionRecordsAreReadBack() throws IOException {
        var opened = MapStore.open(volume, FOLDER, ID, SIZE);
        var marks = new Marks();
        for (int i = 0; i < 1_000_000; i++) {
            long block = 2L * (i % 19_000) + 1;
            marks.add(block, block + 1, Origin.GUEST);
        }
        opened.store().append(marks);
        opened.store().forceJournal();
        opened.store().close();

        assertThat(localBlocksAfterOpening()).isGreaterThan(19_000);
    }
}
