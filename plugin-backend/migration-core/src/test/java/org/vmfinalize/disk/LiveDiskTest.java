package org.vmfinalize.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.FormatException;

@Timeout(30)
class LiveDiskTest {

    private static final int SIZE = 64 * 4096;
    private static final Path STATE = Path.of("/ds/state/disk-0");
    private static final Path FLAT = Path.of("/ds/vm/disk-flat.vmdk");
    private static final UUID ID = new UUID(1, 2);

    private final PowerLossVolume volume = new PowerLossVolume(new Random(7));
    private final MemoryBackup backup = new MemoryBackup(random(SIZE, 3), false);
    private LiveDiskSettings settings = LiveDiskSettings.DEFAULT.withBackupPatience(Duration.ZERO);
    private LiveDisk disk;

    @BeforeEach
    void createDisk() throws IOException {
        volume.createFolder(Path.of("/ds/state"));
        volume.createFolder(STATE);
        disk = LiveDisk.create(volume, STATE, FLAT, "disk", ID, SIZE, backup.source(), settings);
        volume.forceFolder(STATE);
    }

    private void reopen() throws IOException {
        disk = LiveDisk.open(volume, STATE, FLAT, "disk", ID, SIZE, backup.source(), settings);
    }

    private static byte[] random(int size, long seed) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static ByteBuffer filled(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return ByteBuffer.wrap(bytes);
    }

    private byte[] read(int position, int length) throws IOException {
        var target = ByteBuffer.allocate(length);
        disk.read(target, position);
        return target.array();
    }

    private void hydrateAll() throws IOException {
        var missing = disk.missing();
        for (var run = missing.next(new ByteRange(0, SIZE)); !run.isEmpty(); run = missing
                .next(new ByteRange(0, SIZE))) {
            var buffer = ByteBuffer.allocate((int) run.length());
            missing.read(buffer, run.start());
            missing.fill(buffer.flip(), run.start(), false);
        }
    }

    @Test
    void anAlignedWriteDoesNotTouchTheBackup() throws IOException {
        backup.beforeRead = (_, _) -> {
            throw new AssertionError("the backup was read");
        };

        assertThat(disk.writesWithoutBackup(4096, 8192)).isTrue();
        disk.write(filled(8192, 1), 4096);

        assertThat(read(4096, 8192)).containsOnly(1);
        assertThat(disk.isLocal(4096, 8192)).isTrue();
        assertThat(disk.isLocal(4095, 2)).isFalse();
    }

    @Test
    void aGuestsWriteIsNotHeldUpByHydrationThatReadsTheBackupAndIsNotOverwrittenByIt() throws Exception {
        var reading = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        backup.beforeRead = (_, _) -> {
            reading.countDown();
            awaitQuietly(goOn);
        };
        try (var executor = Executors.newSingleThreadExecutor()) {
            var hydration = executor.submit(() -> {
                hydrateAll();
                return null;
            });
            reading.await();

            disk.write(filled(4096, 9), 8192);
            goOn.countDown();
            hydration.get(20, TimeUnit.SECONDS);
        }

        assertThat(read(8192, 4096)).containsOnly(9);
        assertThat(read(4096, 4096)).isEqualTo(Arrays.copyOfRange(backup.content, 4096, 8192));
        assertThat(disk.counters().guestWrittenBytes()).isEqualTo(4096);
    }

    @Test
    void anEdgeThatBecameLocalWhileItWasReadIsNotPutBack() throws Exception {
        var reading = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        backup.beforeRead = (_, _) -> {
            reading.countDown();
            awaitQuietly(goOn);
        };
        try (var executor = Executors.newSingleThreadExecutor()) {
            var unaligned = executor.submit(() -> {
                disk.write(filled(100, 1), 50);
                return null;
            });
            reading.await();

            disk.write(filled(4096, 2), 0);
            goOn.countDown();
            unaligned.get(20, TimeUnit.SECONDS);
        }

        byte[] expected = filled(4096, 2).array();
        Arrays.fill(expected, 50, 150, (byte) 1);
        assertThat(read(0, 4096)).isEqualTo(expected);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void staleBytesOfALostWriteDoNotComeBackWhereTheBackupHasZeros() throws IOException {
        Arrays.fill(backup.content, 0, 8192, (byte) 0);
        disk.write(filled(8192, 5), 0);
        // The crash: the data reached the flat file, the map did not.
        byte[] flat = volume.bytes(FLAT);
        assertThat(flat[0]).isEqualTo((byte) 5);
        reopen();
        assertThat(disk.isLocal(0, 1)).isFalse();

        disk.missing().fillZeros(new ByteRange(0, 4096), false);
        hydrateAll();

        assertThat(read(0, 8192)).containsOnly(0);
        assertThat(Arrays.copyOf(volume.bytes(FLAT), 8192)).containsOnly(0);
    }

    @Test
    void theJournalIsForcedAfterTheDataItSpeaksOf() throws IOException {
        disk.write(filled(4096, 1), 0);
        var steps = new ArrayList<String>();
        volume.fault = (step, file) -> steps.add(step + " " + file.getFileName());

        disk.flush();

        assertThat(steps.indexOf("force disk-flat.vmdk")).isNotNegative()
                .isLessThan(steps.indexOf("write journal-1"));
        assertThat(steps.indexOf("write journal-1")).isLessThan(steps.indexOf("force journal-1"));
    }

    @Test
    void afterAFailedForceTheDiskIsReadOnlyAndNeverClaimsSuccess() throws IOException {
        disk.write(filled(4096, 1), 0);
        volume.fault = (step, file) -> {
            if (step.equals("force") && file.equals(FLAT)) {
                throw new IOException("Input/output error");
            }
        };
        assertThatExceptionOfType(DiskReadOnlyException.class).isThrownBy(() -> disk.flush());

        volume.fault = (_, _) -> {
        };

        assertThatExceptionOfType(DiskReadOnlyException.class).isThrownBy(() -> disk.flush());
        assertThatExceptionOfType(DiskReadOnlyException.class).isThrownBy(() -> disk.write(filled(512, 1), 0))
                .withMessageContaining("Input/output error");
        assertThatExceptionOfType(DiskReadOnlyException.class).isThrownBy(() -> hydrateAll());
        assertThat(read(4096, 4096)).isEqualTo(Arrays.copyOfRange(backup.content, 4096, 8192));
    }

    @ParameterizedTest
    @ValueSource(strings = {"disk-flat.vmdk", "journal-1"})
    void aFullDatastoreFailsTheCallAndCorruptsNothing(String fullFor) throws IOException {
        disk.write(filled(4096, 1), 0);
        volume.fault = (step, file) -> {
            if (step.equals("write") && file.endsWith(fullFor)) {
                throw new NoSpaceException("full", new IOException("No space left on device"));
            }
        };
        assertThatThrownBy(() -> {
            disk.write(filled(4096, 2), 4096);
            disk.flush();
        }).isInstanceOf(NoSpaceException.class);

        volume.fault = (_, _) -> {
        };
        disk.write(filled(4096, 2), 4096);
        disk.flush();
        volume.losePower();
        reopen();

        assertThat(read(0, 4096)).containsOnly(1);
        assertThat(read(4096, 4096)).containsOnly(2);
        assertThat(read(8192, SIZE - 8192)).isEqualTo(Arrays.copyOfRange(backup.content, 8192, SIZE));
    }

    @Test
    void aBackupThatIsAwayFailsReadsOfMissingBlocksOnly() throws IOException {
        disk.write(filled(4096, 1), 0);
        backup.beforeRead = (_, _) -> {
            throw new IOException("cable out");
        };

        assertThat(read(0, 4096)).containsOnly(1);
        disk.write(filled(4096, 2), 4096);
        assertThatExceptionOfType(BackupUnavailableException.class).isThrownBy(() -> read(4096, 8192))
                .withMessageContaining("cable out").withMessageContaining("8192");
        assertThatExceptionOfType(BackupUnavailableException.class)
                .isThrownBy(() -> disk.write(filled(10, 1), 20_000));
        assertThat(read(4096, 4096)).containsOnly(2);
    }

    @Test
    void aReadWaitsForABackupThatComesBack() throws IOException {
        settings = settings.withBackupPatience(Duration.ofSeconds(20));
        reopen();
        var left = new AtomicInteger(3);
        backup.beforeRead = (_, _) -> {
            if (left.getAndDecrement() > 0) {
                throw new IOException("away");
            }
        };

        assertThat(read(1000, 9000)).isEqualTo(Arrays.copyOfRange(backup.content, 1000, 10_000));
    }

    @Test
    void aDamagedBackupIsNotWaitedFor() throws IOException {
        settings = settings.withBackupPatience(Duration.ofDays(1));
        reopen();
        backup.beforeRead = (_, _) -> {
            throw new FormatException("bad cluster");
        };

        assertThatExceptionOfType(FormatException.class).isThrownBy(() -> read(0, 1));
    }

    @Test
    void aFormatThatReturnsTooLittleIsNotBelieved() throws IOException {
        var shortReader = new MemoryBackup(backup.content, false) {
            @Override
            public void read(ByteBuffer target, long position) {
                target.put((byte) 1);
            }
        };
        disk = LiveDisk.open(volume, STATE, FLAT, "disk", ID, SIZE, shortReader.source(), settings);

        assertThatExceptionOfType(BackupUnavailableException.class).isThrownBy(() -> read(0, 4096));
    }

    @Test
    void sealingNeedsAllBlocks() {
        assertThatIllegalStateException().isThrownBy(() -> disk.seal())
                .withMessageContaining("hydrate it first");
    }

    @Test
    void aSealedDiskGoesOnWorkingAndHasNoStateLeft() throws IOException {
        hydrateAll();
        disk.seal();

        disk.write(filled(100, 7), 10);
        disk.flush();

        assertThat(volume.exists(STATE)).isFalse();
        assertThat(disk.isSealed()).isTrue();
        assertThat(read(10, 100)).containsOnly(7);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -512, 511, 513, 4097, LiveDisk.MAX_BYTES + 512, Long.MAX_VALUE})
    void refusesSizesThatCannotBe(long size) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LiveDisk.create(volume, Path.of("/ds/state/other"),
                        Path.of("/ds/other"), "other", ID, size, backup.source(), settings))
                .withMessageContaining("62 TiB");
    }

    @Test
    void refusesRangesOutsideOfTheDisk() {
        assertThatIllegalArgumentException().isThrownBy(() -> disk.isLocal(Long.MAX_VALUE, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> disk.isLocal(1, Long.MAX_VALUE));
        assertThatIllegalArgumentException().isThrownBy(() -> disk.read(ByteBuffer.allocate(2), SIZE - 1));
        assertThatIllegalArgumentException().isThrownBy(() -> disk.write(ByteBuffer.allocate(2), -1));
        assertThatIllegalArgumentException().isThrownBy(() -> disk.zero(SIZE, 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {-512, 512, -1, 1 << 20})
    void refusesAFlatFileOfAnotherLength(int more) throws IOException {
        disk.close();
        volume.open(FLAT).setLength(SIZE + more);

        assertThatExceptionOfType(DamagedStateException.class).isThrownBy(this::reopen)
                .withMessageContaining("must have %d bytes but has %d".formatted(SIZE, SIZE + more));
    }

    @Test
    void refusesTheMapOfAnotherDisk() throws IOException {
        disk.close();

        assertThatExceptionOfType(DamagedStateException.class)
                .isThrownBy(() -> LiveDisk.open(volume, STATE, FLAT,
                        "disk", new UUID(8, 8), SIZE, backup.source(), settings))
                .withMessageContaining("must be of disk");
    }
}
