package org.vmfinalize.hydration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.backup.BackupDisk;
import org.vmfinalize.disk.BackupDiskSource;
import org.vmfinalize.disk.LiveDisk;
import org.vmfinalize.disk.LiveDiskSettings;
import org.vmfinalize.disk.MemoryBackup;
import org.vmfinalize.disk.PowerLossVolume;
import org.vmfinalize.disk.Volume;

/// What a machine that is hydrated says limits it, with each of the four really being the slowest, and with a limit that is
/// set and taken away while it runs.
@Timeout(120)
class LimitedByTest {

    private static final int SIZE = 64 << 20;
    private static final long MILLISECOND = 1_000_000;

    @TempDir
    Path directory;

    private final MemoryBackup backup = new MemoryBackup(new byte[SIZE], false);
    private final HydrationPool pool = new HydrationPool(18);
    private final Pace pace = new Pace(PaceSettings.AUTOMATIC);
    private String location = "/backups/a.raw";
    /// What each write to the datastore waits for, if it is one that lies in memory.
    private long writeMillis;

    /// A disk that is being hydrated.
    private record Running(LiveDisk disk, Hydrator hydrator, CompletableFuture<Void> end)
            implements
                AutoCloseable {

        @Override
        public void close() throws IOException {
            hydrator.stop();
            end.join();
            disk.close();
        }
    }

    private Running hydrate() throws IOException {
        new Random(1).nextBytes(backup.content);
        boolean inMemory = writeMillis > 0;
        Path folder = inMemory ? Path.of("/ds") : directory;
        Volume volume = inMemory ? slowVolume() : Volume.local();
        volume.createFolder(folder.resolve("state"));
        var disk = LiveDisk.create(volume, folder.resolve("state"), folder.resolve("d-flat.vmdk"), "d",
                UUID.randomUUID(), SIZE, source(), LiveDiskSettings.DEFAULT);
        var hydrator = new Hydrator(List.of(disk), pace, false, pool);
        var end = CompletableFuture.runAsync(() -> {
            try {
                hydrator.run();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }, task -> Thread.ofPlatform().daemon().start(task));
        return new Running(disk, hydrator, end);
    }

    private Volume slowVolume() {
        var slow = new PowerLossVolume(new Random(1));
        slow.fault = (step, file) -> {
            if (step.equals("write") && file.endsWith("d-flat.vmdk")) {
                LockSupport.parkNanos(writeMillis * MILLISECOND);
            }
        };
        return slow;
    }

    private BackupDiskSource source() {
        return new BackupDiskSource() {
            @Override
            public BackupDisk disk() {
                return backup;
            }

            @Override
            public String location() {
                return location;
            }

            @Override
            public void failed(BackupDisk failed, IOException cause) {
                throw new AssertionError(cause);
            }

            @Override
            public boolean hasOtherCopy() {
                return false;
            }
        };
    }

    private void awaitLimitedBy(LimitedBy wanted, Running running) {
        while (pace.limitedBy() != wanted) {
            assertThat(running.end).as("hydration must go on until it is limited by %s", wanted).isNotDone();
            LockSupport.parkNanos(MILLISECOND);
        }
    }

    @Test
    void aBackupThatIsReadSlowlyLimitsIt() throws IOException {
        backup.beforeRead = (_, _) -> LockSupport.parkNanos(1500 * MILLISECOND);
        try (var running = hydrate()) {
            awaitLimitedBy(LimitedBy.BACKUP, running);
        }
    }

    @Test
    void behindANetworkThatIsTheNetwork() throws IOException {
        location = "nbd://backups.example.org/a";
        backup.beforeRead = (_, _) -> LockSupport.parkNanos(1500 * MILLISECOND);
        try (var running = hydrate()) {
            awaitLimitedBy(LimitedBy.NETWORK, running);
        }
    }

    @Test
    void aDatastoreThatIsWrittenSlowlyLimitsIt() throws IOException {
        writeMillis = 300;
        try (var running = hydrate()) {
            awaitLimitedBy(LimitedBy.DATASTORE, running);
        }
    }

    /// A guest that asks once a millisecond, and has to wait once more than 6 MB a second are moved.
    private static void waitWhileMuchIsMoved(LiveDisk disk) {
        long before = 0;
        long since = System.nanoTime();
        boolean much = false;
        while (!Thread.currentThread().isInterrupted()) {
            long now = System.nanoTime();
            if (now - since > 100 * MILLISECOND) {
                long moved = disk.counters().localBytes();
                much = (moved - before) * 1000 / ((now - since) / MILLISECOND) > 6_000_000;
                before = moved;
                since = now;
            }
            disk.guest().asks(false).accept(System.nanoTime() - (much ? 200 : 1) * MILLISECOND);
            LockSupport.parkNanos(MILLISECOND);
        }
    }

    @Test
    void aGuestThatWaitsTooLongLimitsIt() throws Exception {
        pace.change(new PaceSettings(0, Optional.of(Duration.ofMillis(20)), Priority.NORMAL));
        writeMillis = 2;
        try (var running = hydrate()) {
            var guest = Thread.ofPlatform().daemon().start(() -> waitWhileMuchIsMoved(running.disk));

            awaitLimitedBy(LimitedBy.GUEST, running);
            guest.interrupt();
            guest.join();
        }
    }

    @Test
    void aLimitThatIsSetWhileItRunsLimitsItAndOneThatIsTakenAwayDoesNot() throws IOException {
        pace.change(new PaceSettings(4 << 20, Optional.empty(), Priority.NORMAL));
        try (var running = hydrate()) {
            awaitLimitedBy(LimitedBy.LIMIT, running);

            pace.change(new PaceSettings(0, Optional.of(Duration.ofMillis(20)), Priority.HIGH));
            running.end.join();

            assertThat(running.disk.missing().isEmpty()).isTrue();
        }
    }
}
