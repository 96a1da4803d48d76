package org.vmfinalize.finalization;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.datastore.BackupReference;
import org.vmfinalize.datastore.Datastore;
import org.vmfinalize.datastore.InstantDisks;
import org.vmfinalize.digest.DiskCheck;
import org.vmfinalize.disk.LiveDisk;
import org.vmfinalize.disk.MemoryBackup;
import org.vmfinalize.hydration.PaceSettings;

@Timeout(60)
class VerifiedFinalizationTest {

    private static final int SIZE = (9 << 20) + 512;

    @TempDir
    Path directory;

    private final MemoryBackup backup = new MemoryBackup(MemoryBackup.mixed(SIZE, 1), true);
    private final List<FinalizationState> states = new CopyOnWriteArrayList<>();

    private Path flat() {
        return directory.resolve("vm/disk-0-flat.vmdk");
    }

    private Finalization job(InstantDisks disks, Runnable onVerifying) {
        return Finalization.of(disks, FinalizationOptions.DEFAULT.verifying(true), progress -> {
            states.add(progress.state());
            if (progress.state() == FinalizationState.VERIFYING) {
                onVerifying.run();
            }
        }, System::nanoTime, new RetryPauses(Duration.ofMillis(5), Duration.ofMillis(20)));
    }

    private static FinalizationProgress run(Finalization job) throws InterruptedException {
        job.start();
        return job.await();
    }

    private Datastore datastore() throws IOException {
        return Datastore.open("ds", directory, _ -> backup);
    }

    @Test
    void provesTheDiskAndGivesATreeThatTheFileMatches() throws Exception {
        try (var datastore = datastore()) {
            var disks = datastore.create("vm", BackupReference.at("memory"));
            disks.disks().getFirst().write(ByteBuffer.wrap(new byte[]{1, 2, 3}), 4095);
            var job = job(disks, () -> {
            });

            var end = run(job);

            assertThat(end.state()).isEqualTo(FinalizationState.COMPLETED);
            assertThat(end.verifiedBytes()).isEqualTo(SIZE);
            assertThat(states).containsSubsequence(FinalizationState.VERIFYING, FinalizationState.SEALING);
            var verified = job.verified().getFirst();
            assertThat(verified.blocks().guest()).isEqualTo(2);
            assertThat(verified.blocks().guest() + verified.blocks().backup() + verified.blocks().zeros())
                    .isEqualTo(Math.ceilDiv(SIZE, 4096));
            assertThat(DiskCheck.check(flat(), verified.tree(), 2))
                    .isEqualTo(new DiskCheck.Result(Optional.empty(), 0, 0));
        }
    }

    @Test
    void damageIsNamedAndTheDiskStaysLive() throws Exception {
        try (var datastore = datastore()) {
            var disks = datastore.create("vm", BackupReference.at("memory"));
            var end = run(job(disks, () -> flip(5 << 20)));

            assertThat(end.state()).isEqualTo(FinalizationState.FAILED);
            assertThat(end.failure()).hasValueSatisfying(why -> assertThat(why)
                    .contains("disk disk-0: the 4096 bytes at 5242880 must be the guest's or the backup's"));
            assertThat(datastore.liveDisks()).hasSize(1);
            assertThat(backup.closed).isFalse();

            flip(5 << 20);
            assertThat(run(job(disks, () -> {
            })).state()).isEqualTo(FinalizationState.COMPLETED);
        }
    }

    private void flip(long position) {
        try (var file = new RandomAccessFile(flat().toFile(), "rw")) {
            file.seek(position);
            int old = file.read();
            file.seek(position);
            file.write(old ^ 0x40);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aGuestThatNeverStopsWritingHindersNothing() throws Exception {
        try (var datastore = datastore()) {
            var disks = datastore.create("vm", BackupReference.at("memory"));
            var disk = disks.disks().getFirst();
            var expected = backup.content.clone();
            var stop = new AtomicBoolean();
            var failure = new AtomicReference<@Nullable Throwable>();
            var guest = Thread.ofPlatform().start(() -> writeUntil(stop, disk, expected, failure));

            var job = job(disks, () -> {
            });
            var end = run(job);
            var verified = job.verified().getFirst();
            // What the guest writes after the seal is not in the tree: only what it left alone can be compared.
            stop.set(true);
            guest.join();

            assertThat(failure.get()).isNull();
            assertThat(end.state()).as("%s", end.failure()).isEqualTo(FinalizationState.COMPLETED);
            assertThat(flat()).hasBinaryContent(expected);
            assertThat(verified.blocks().guest()).isPositive();
            var leaves = verified.tree().leaves();
            var beyond = leaves.range(leaves.count() - 1);
            assertThat(verified.tree().isUnsettled(leaves.count() - 1)).isFalse();
            assertThat(DiskCheck.check(flat(), verified.tree(), 1).firstWrong())
                    .as("the guest writes into the first half only")
                    .matches(first -> first.isEmpty() || first.get().end() <= beyond.start() / 2 + (1 << 16));
        }
    }

    private static void writeUntil(AtomicBoolean stop, LiveDisk disk, byte[] expected,
            AtomicReference<@Nullable Throwable> failure) {
        var random = new Random(7);
        byte[] bytes = new byte[6000];
        try {
            while (!stop.get()) {
                random.nextBytes(bytes);
                int at = random.nextInt(SIZE / 2 - bytes.length);
                disk.write(ByteBuffer.wrap(bytes), at);
                System.arraycopy(bytes, 0, expected, at, bytes.length);
            }
        } catch (IOException | RuntimeException | Error e) {
            failure.set(e);
        }
    }

    @Test
    void itKeepsToTheJobsPaceAndIsStoppedWhileItWaits() throws Exception {
        try (var datastore = datastore()) {
            var disks = datastore.create("vm", BackupReference.at("memory"));
            var self = new AtomicReference<@Nullable Finalization>();
            var job = job(disks,
                    () -> Objects.requireNonNull(self.get()).pace(PaceSettings.AUTOMATIC.withLimit(1)));
            self.set(job);
            job.start();
            while (job.progress().verifiedBytes() == 0) {
                Thread.onSpinWait();
            }
            job.cancel();

            // At a byte a second it has read a piece for each thread, and waits for months with the next.
            var end = job.await();
            assertThat(end.state()).isEqualTo(FinalizationState.CANCELLED);
            assertThat(end.verifiedBytes()).isLessThan(SIZE);
        }
    }

    @Test
    void itCanBePausedAndCancelledWhileItVerifies() throws Exception {
        try (var datastore = datastore()) {
            var disks = datastore.create("vm", BackupReference.at("memory"));
            var self = new AtomicReference<@Nullable Finalization>();
            var paused = new AtomicBoolean();
            var job = job(disks, () -> {
                if (paused.compareAndSet(false, true)) {
                    Objects.requireNonNull(self.get()).pause();
                }
            });
            self.set(job);
            job.start();
            while (!paused.get() || job.progress().state() != FinalizationState.PAUSED) {
                Thread.onSpinWait();
            }
            job.resume();

            assertThat(job.await().state()).isEqualTo(FinalizationState.COMPLETED);
            assertThat(job.progress().history().pauses()).isOne();
            assertThat(job.progress().history().paused()).isPositive();
            assertThat(DiskCheck.check(flat(), job.verified().getFirst().tree(), 1).isRight()).isTrue();
        }
    }
}
