package org.vmfinalize.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmfinalize.backup.ByteRange;

@Timeout(60)
class BlockProofTest {

    private static final int SIZE = 64 * 4096 + 1024;
    private static final Path STATE = Path.of("/ds/state");
    private static final Path FLAT = Path.of("/ds/disk-flat.vmdk");
    private static final UUID ID = new UUID(1, 2);

    private final PowerLossVolume volume = new PowerLossVolume(new Random(5));
    private final MemoryBackup backup = new MemoryBackup(MemoryBackup.mixed(SIZE, 3), true);

    private LiveDisk hydrated() throws IOException {
        volume.createFolder(STATE);
        var disk = LiveDisk.create(volume, STATE, FLAT, "disk", ID, SIZE, backup.source(),
                LiveDiskSettings.DEFAULT);
        hydrate(disk);
        return disk;
    }

    private static void hydrate(LiveDisk disk) throws IOException {
        var missing = disk.missing();
        var buffer = ByteBuffer.allocate(SIZE);
        missing.read(buffer, 0);
        missing.fill(buffer.flip(), 0, false);
    }

    private static BlockProof.Blocks prove(LiveDisk disk) throws IOException {
        return disk.proof().read(ByteBuffer.allocate(SIZE), 0);
    }

    private int firstDataBlock() {
        int at = 0;
        while (backup.content[at] == 0) {
            at++;
        }
        return at / 4096;
    }

    @Test
    void tellsWhoseTheBlocksAre() throws IOException {
        try (var disk = hydrated()) {
            int changed = firstDataBlock();
            disk.write(ByteBuffer.wrap(new byte[]{1}), changed * 4096L + 7);
            disk.zero(SIZE - 1024, 1024);

            var blocks = prove(disk);

            assertThat(blocks.guest()).isEqualTo(2);
            assertThat(blocks.guest() + blocks.backup() + blocks.zeros()).isEqualTo(65);
            assertThat(blocks.backup()).isPositive();
            assertThat(blocks.zeros()).isPositive();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4095, 4096, 31 * 4096 + 77, SIZE - 1})
    void namesTheBlockOfAByteThatTheStorageChanged(int position) throws IOException {
        try (var disk = hydrated(); var flat = volume.open(FLAT)) {
            var one = ByteBuffer.wrap(new byte[]{(byte) (backup.content[position] ^ 0x10)});
            flat.write(one, position);

            long block = position / 4096 * 4096L;
            assertThatThrownBy(() -> prove(disk)).isInstanceOf(WrongBlockException.class)
                    .hasMessageContaining("disk disk: the %d bytes at %d must be",
                            Math.min(4096, SIZE - block), block);
        }
    }

    @Test
    void readsTheBackupOnlyWhereNoSumIsKept() throws IOException {
        try (var disk = hydrated(); var sums = volume.open(STATE.resolve("sums"))) {
            backup.beforeRead = (_, _) -> {
                throw new IOException("the backup is away");
            };
            assertThat(prove(disk).guest()).isZero();

            sums.zero(4096 + 4L * firstDataBlock(), 4, false);

            assertThatIOException().isThrownBy(() -> prove(disk)).withMessageContaining("the backup is away");
            backup.beforeRead = (_, _) -> {
            };
            assertThat(prove(disk).guest()).isZero();
        }
    }

    @Test
    void aDamagedSumIsNoReasonToDoubtABlockThatEqualsTheBackup() throws IOException {
        try (var disk = hydrated(); var sums = volume.open(STATE.resolve("sums"))) {
            sums.write(ByteBuffer.wrap(new byte[]{9, 9, 9, 9}), 4096 + 4L * firstDataBlock());

            assertThat(prove(disk).guest()).isZero();
        }
    }

    @Test
    void knowsAfterPowerLossWhatTheGuestWasToldIsStable() throws IOException {
        var disk = hydrated();
        disk.flush();
        disk.write(ByteBuffer.wrap(new byte[4096]), firstDataBlock() * 4096L);
        disk.flush();
        volume.losePower();

        try (var again = LiveDisk.open(volume, STATE, FLAT, "disk", ID, SIZE, backup.source(),
                LiveDiskSettings.DEFAULT)) {
            assertThat(prove(again).guest()).isOne();
        }
    }

    @Test
    void provesAHoleWithoutReadingTheBackup() throws IOException {
        var empty = new MemoryBackup(new byte[SIZE], true);
        volume.createFolder(STATE);
        try (var disk = LiveDisk.create(volume, STATE, FLAT, "disk", ID, SIZE, empty.source(),
                LiveDiskSettings.DEFAULT)) {
            disk.missing().fillZeros(new ByteRange(0, SIZE), false);
            empty.beforeRead = (_, _) -> {
                throw new IOException("nobody needs to read");
            };
            disk.zero(8192, 4096);

            assertThat(disk.proof().proveHole(new ByteRange(0, SIZE)))
                    .isEqualTo(new BlockProof.Blocks(1, 0, 64));
        }
    }

    @Test
    void aGuestThatWritesMeanwhileIsNeverTakenForDamage() throws Exception {
        try (var disk = hydrated()) {
            var done = new AtomicBoolean();
            var guest = Thread.ofPlatform().start(() -> {
                var random = new Random(11);
                byte[] bytes = new byte[5000];
                try {
                    for (int i = 0; i < 3000; i++) {
                        random.nextBytes(bytes);
                        disk.write(ByteBuffer.wrap(bytes), random.nextInt(SIZE - bytes.length));
                    }
                } catch (IOException e) {
                    throw new AssertionError(e);
                } finally {
                    done.set(true);
                }
            });
            long guests = 0;
            while (!done.get()) {
                long now = prove(disk).guest();
                assertThat(now).isGreaterThanOrEqualTo(guests);
                guests = now;
            }
            guest.join();
            assertThat(prove(disk).guest()).isEqualTo(65);
        }
    }

    @Test
    void aDiskOfAnOlderVersionIsNotProvenButWorks() throws IOException {
        hydrated().close();
        volume.delete(STATE.resolve("sums"));

        try (var disk = LiveDisk.open(volume, STATE, FLAT, "disk", ID, SIZE, backup.source(),
                LiveDiskSettings.DEFAULT)) {
            assertThatIOException().isThrownBy(disk::proof).withMessageContaining("kept no checksums");
            disk.write(ByteBuffer.wrap(new byte[4096]), 0);
        }
    }

    @Test
    void refusesSumsOfANewerVersionAndDamagedOnes() throws IOException {
        hydrated().close();
        try (var sums = volume.open(STATE.resolve("sums"))) {
            sums.write(ByteBuffer.allocate(4).putInt(2).flip(), 8);
        }
        assertThatThrownBy(() -> LiveDisk.open(volume, STATE, FLAT, "disk", ID, SIZE, backup.source(),
                LiveDiskSettings.DEFAULT)).isInstanceOf(DamagedStateException.class)
                .hasMessageContaining("version must be 1 but was 2");

        try (var sums = volume.open(STATE.resolve("sums"))) {
            sums.write(ByteBuffer.allocate(4).putInt(1).flip(), 8);
            sums.write(ByteBuffer.wrap(new byte[]{1}), 45);
        }
        assertThatThrownBy(() -> LiveDisk.open(volume, STATE, FLAT, "disk", ID, SIZE, backup.source(),
                LiveDiskSettings.DEFAULT)).isInstanceOf(DamagedStateException.class)
                .hasMessageContaining("right checksum");
    }
}
