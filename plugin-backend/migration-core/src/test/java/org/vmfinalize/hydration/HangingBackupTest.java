package org.vmfinalize.hydration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.disk.BackupUnavailableException;
import org.vmfinalize.disk.LiveDisk;
import org.vmfinalize.disk.LiveDiskSettings;
import org.vmfinalize.disk.MemoryBackup;
import org.vmfinalize.disk.Volume;

/// A backup whose reads neither answer nor fail.
@Timeout(60)
class HangingBackupTest {

    private static final int SIZE = 4 << 20;

    @TempDir
    Path directory;

    private final MemoryBackup backup = new MemoryBackup(MemoryBackup.mixed(SIZE, 3), false);
    private final CountDownLatch answer = new CountDownLatch(1);
    private final CountDownLatch asked = new CountDownLatch(1);
    private LiveDisk disk;

    @BeforeEach
    void createDiskOfABackupThatHangs() throws IOException {
        Files.createDirectory(directory.resolve("state"));
        disk = LiveDisk.create(Volume.local(), directory.resolve("state"),
                directory.resolve("disk-flat.vmdk"), "disk",
                UUID.randomUUID(), SIZE, backup.source(),
                LiveDiskSettings.DEFAULT.withBackupPatience(Duration.ofMillis(300)));
        backup.beforeRead = (_, _) -> {
            asked.countDown();
            awaitUninterruptibly(answer);
        };
    }

    @AfterEach
    void close() throws IOException {
        answer.countDown();
        disk.close();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        while (true) {
            try {
                latch.await();
                return;
            } catch (InterruptedException _) {
                // as a read of a dead server does, it takes no notice
            }
        }
    }

    @Test
    void aGuestsReadFailsWhenPatienceIsOverAndOthersGoOn() throws IOException {
        disk.write(ByteBuffer.allocate(4096), 8192);

        assertThatExceptionOfType(BackupUnavailableException.class)
                .isThrownBy(() -> disk.read(ByteBuffer.allocate(4096), 0))
                .withMessageContaining("a read was not answered");
        assertThatExceptionOfType(BackupUnavailableException.class)
                .isThrownBy(() -> disk.write(ByteBuffer.allocate(10), 20_000));
        var local = ByteBuffer.allocate(4096);
        disk.read(local, 8192);
        assertThat(local.array()).containsOnly(0);
    }

    @Test
    void stoppingTheHydratorDoesNotWaitForIt() throws Exception {
        var stuck = new Hydrator(disk, new RateLimit(0), false, 3);
        var result = CompletableFuture.supplyAsync(() -> runOf(stuck));
        asked.await();

        stuck.stop();

        assertThat(result.get(30, TimeUnit.SECONDS)).isFalse();
        assertThat(disk.counters().localBytes()).isZero();
        answer.countDown();
        assertThat(new Hydrator(disk, new RateLimit(0), false, 3).run()).isTrue();
        var all = ByteBuffer.allocate(SIZE);
        disk.read(all, 0);
        assertThat(all.array()).isEqualTo(backup.content);
    }

    private static boolean runOf(Hydrator hydrator) {
        try {
            return hydrator.run();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
