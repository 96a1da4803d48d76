package org.vmfinalize.finalization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.datastore.BackupReference;
import org.vmfinalize.datastore.Datastore;
import org.vmfinalize.datastore.InstantDisks;
import org.vmfinalize.disk.LiveDiskSettings;
import org.vmfinalize.disk.MemoryBackup;
import org.vmfinalize.disk.NoSpaceException;
import org.vmfinalize.disk.Volume;
import org.vmfinalize.disk.VolumeFile;

@Timeout(60)
class FinalizationTest {

    private static final int SIZE = (9 << 20) + 512;

    @TempDir
    Path directory;

    private final MemoryBackup backup = new MemoryBackup(MemoryBackup.mixed(SIZE, 1), true);
    private final List<FinalizationState> states = new CopyOnWriteArrayList<>();

    private Datastore datastore() throws IOException {
        return Datastore.open("ds", directory, _ -> backup);
    }

    private static InstantDisks create(Datastore datastore) throws IOException {
        return datastore.create("vm", BackupReference.at("memory"));
    }

    private Finalization job(InstantDisks disks, Provisioning provisioning, long bytesPerSecond) {
        return Finalization.of(disks, new FinalizationOptions(provisioning, bytesPerSecond),
                p -> states.add(p.state()),
                System::nanoTime, new RetryPauses(Duration.ofMillis(5), Duration.ofMillis(20)));
    }

    @Test
    void leavesThePlainFileWithTheGuestsChangesAndLetsGoOfTheBackup() throws Exception {
        try (var datastore = datastore()) {
            var disks = create(datastore);
            var disk = disks.disks().getFirst();
            disk.write(ByteBuffer.wrap(new byte[]{1, 2, 3}), 100);

            var job = job(disks, Provisioning.THIN, 0);
            job.start();
            var end = job.await();

            backup.content[100] = 1;
            backup.content[101] = 2;
            backup.content[102] = 3;
            assertThat(end.state()).isEqualTo(FinalizationState.COMPLETED);
            assertThat(end.doneBytes()).isEqualTo(end.totalBytes());
            assertThat(Files.readAllBytes(directory.resolve("vm/disk-0-flat.vmdk")))
                    .isEqualTo(backup.content);
            assertThat(datastore.liveDisks()).isEmpty();
            assertThat(backup.closed).isTrue();
            assertThat(backup.holders).isEmpty();
            assertThat(states).containsSubsequence(FinalizationState.HYDRATING, FinalizationState.SEALING,
                    FinalizationState.COMPLETED);
        }
        try (var files = Files.list(directory.resolve(Datastore.HIDDEN_FOLDER))) {
            assertThat(files.map(f -> f.getFileName().toString())).containsExactly("lock");
        }
    }

    private static void awaitState(Finalization job, FinalizationState state) {
        while (job.progress().state() != state) {
            assertThat(job.progress().state().isFinal()).as("ended: %s", job.progress()).isFalse();
            Thread.onSpinWait();
        }
    }

    @Test
    void waitsForABackupThatIsAwayAndGoesOnByItself() throws Exception {
        try (var datastore = datastore()) {
            var disks = create(datastore);
            var away = new AtomicBoolean(true);
            backup.beforeRead = (_, _) -> {
                if (away.get()) {
                    throw new IOException("the cable is out");
                }
            };
            var job = job(disks, Provisioning.THIN, 0);
            job.start();
            awaitState(job, FinalizationState.PAUSED);

            disks.disks().getFirst().write(ByteBuffer.wrap(new byte[4096]), 4096);
            var reason = job.progress().pauseReason();
            away.set(false);

            assertThat(job.await().state()).isEqualTo(FinalizationState.COMPLETED);
            assertThat(reason.orElse("hydrating just now")).containsAnyOf("the cable is out", "just now");
            assertThat(states).contains(FinalizationState.PAUSED);
        }
    }

    /// Lets each read fail that touches the byte in the middle of the disk.
    private void breakMiddle(IOException failure, AtomicBoolean broken) {
        backup.beforeRead = (position, length) -> {
            if (broken.get() && position <= SIZE / 2 && SIZE / 2 < position + length) {
                throw failure;
            }
        };
    }

    /// A bad place costs no more than what is read with it in the end.
    private static void assertAllIsLocalButABadPlace(FinalizationProgress progress) {
        assertThat(progress.totalBytes() - progress.doneBytes()).isBetween(1L, 64L << 10);
    }

    @Test
    void stepsAroundABadPlaceAndWaitsForIt() throws Exception {
        try (var datastore = datastore()) {
            var disks = create(datastore);
            var broken = new AtomicBoolean(true);
            breakMiddle(new IOException("sector not found"), broken);
            var job = job(disks, Provisioning.THIN, 0);
            job.start();
            awaitState(job, FinalizationState.PAUSED);

            assertAllIsLocalButABadPlace(job.progress());
            assertThat(states).doesNotContain(FinalizationState.SEALING);
            broken.set(false);

            assertThat(job.await().state()).isEqualTo(FinalizationState.COMPLETED);
            assertThat(Files.readAllBytes(directory.resolve("vm/disk-0-flat.vmdk")))
                    .isEqualTo(backup.content);
        }
    }

    @Test
    void savesWhatCanBeReadOfADamagedBackup() throws Exception {
        try (var datastore = datastore()) {
            var disks = create(datastore);
            breakMiddle(new FormatException("cluster 7 is damaged"), new AtomicBoolean(true));
            var job = job(disks, Provisioning.THIN, 0);
            job.start();

            var end = job.await();

            assertThat(end.state()).isEqualTo(FinalizationState.FAILED);
            assertThat(end.failure().orElseThrow()).contains("cluster 7 is damaged");
            assertAllIsLocalButABadPlace(end);
        }
    }

    @Test
    void waitsForADatastoreThatIsFullAndGoesOnByItself() throws Exception {
        var full = new AtomicBoolean(false);
        var volume = new FullVolume(full);
        try (var datastore = Datastore.open("ds", directory, _ -> backup, LiveDiskSettings.DEFAULT, volume)) {
            var disks = create(datastore);
            full.set(true);
            var job = job(disks, Provisioning.THIN, 0);
            job.start();
            awaitState(job, FinalizationState.PAUSED);

            full.set(false);

            assertThat(job.await().state()).isEqualTo(FinalizationState.COMPLETED);
            assertThat(Files.readAllBytes(directory.resolve("vm/disk-0-flat.vmdk")))
                    .isEqualTo(backup.content);
        }
    }

    @Test
    void aDamagedBackupFailsItAndTheDiskStaysLive() throws Exception {
        try (var datastore = datastore()) {
            var disks = create(datastore);
            backup.beforeRead = (_, _) -> {
                throw new FormatException("cluster 7 is damaged");
            };
            var job = job(disks, Provisioning.THIN, 0);
            job.start();

            var end = job.await();

            assertThat(end.state()).isEqualTo(FinalizationState.FAILED);
            assertThat(end.failure().orElseThrow()).contains("cluster 7 is damaged", "disk-0", "at byte");
            assertThat(datastore.liveDisks()).hasSize(1);
        }
    }

    @Test
    void canBePausedResumedAndCancelledAndANewJobGoesOn() throws Exception {
        try (var datastore = datastore()) {
            var disks = create(datastore);
            var job = job(disks, Provisioning.THIN, 1 << 20);
            job.start();
            job.pause();
            assertThat(job.progress().pauseReason()).contains("paused by the user");
            job.resume();
            assertThat(job.progress().state()).isEqualTo(FinalizationState.HYDRATING);
            job.cancel();
            assertThat(job.await().state()).isEqualTo(FinalizationState.CANCELLED);
            assertThatIllegalStateException().isThrownBy(job::resume)
                    .withMessageContaining("cancelled cannot be resumed");
            assertThat(datastore.liveDisks()).hasSize(1);

            long already = disks.disks().getFirst().counters().localBytes();
            var next = job(disks, Provisioning.THIN, 0);
            next.start();
            assertThat(next.progress().doneBytes()).isLessThanOrEqualTo(next.progress().totalBytes());
            assertThat(next.await().state()).isEqualTo(FinalizationState.COMPLETED);
            assertThat(already).isLessThan(SIZE);
        }
        assertThat(Files.readAllBytes(directory.resolve("vm/disk-0-flat.vmdk"))).isEqualTo(backup.content);
    }

    @Test
    void aPausedJobDoesNotReadTheBackup() throws Exception {
        try (var datastore = datastore()) {
            var disks = create(datastore);
            var job = job(disks, Provisioning.THIN, 200 << 10);
            job.start();
            job.pause();
            long before = job.progress().doneBytes();
            backup.beforeRead = (_, _) -> {
                throw new AssertionError("read while paused");
            };
            for (int i = 0; i < 1000; i++) {
                assertThat(job.progress().state()).isEqualTo(FinalizationState.PAUSED);
                Thread.onSpinWait();
            }
            backup.beforeRead = (_, _) -> {
            };
            assertThat(job.progress().doneBytes()).isGreaterThanOrEqualTo(before);
            job.cancel();
            assertThat(job.await().state()).isEqualTo(FinalizationState.CANCELLED);
        }
    }

    @Test
    void aRestartOfTheServerGoesOnWhereItWas() throws Exception {
        long local;
        try (var datastore = datastore()) {
            var disks = create(datastore);
            var disk = disks.disks().getFirst();
            disk.write(ByteBuffer.wrap(new byte[]{42}), 5);
            disk.flush();
            local = disk.counters().localBytes();
        }
        try (var datastore = datastore()) {
            var disks = datastore.instantDisks("vm").orElseThrow();
            assertThat(disks.disks().getFirst().counters().localBytes()).isEqualTo(local);
            var job = job(disks, Provisioning.THIN, 0);
            job.start();
            assertThat(job.await().state()).isEqualTo(FinalizationState.COMPLETED);
        }
        backup.content[5] = 42;
        assertThat(Files.readAllBytes(directory.resolve("vm/disk-0-flat.vmdk"))).isEqualTo(backup.content);
    }

    @ParameterizedTest
    @EnumSource(Provisioning.class)
    void leavesTheSpaceThatWasAskedFor(Provisioning provisioning) throws Exception {
        Path flat = directory.resolve("vm/disk-0-flat.vmdk");
        try (var datastore = datastore()) {
            var disks = create(datastore);
            var job = job(disks, provisioning, 0);
            job.start();
            var end = job.await();
            assertThat(end.state()).isEqualTo(FinalizationState.COMPLETED);
            assertThat(end.doneBytes()).isEqualTo(end.totalBytes());
        }
        assertThat(Files.readAllBytes(flat)).isEqualTo(backup.content);
        long stored = allocatedBytes(flat);
        if (provisioning == Provisioning.THIN) {
            assertThat(stored).isLessThan(SIZE);
        } else {
            assertThat(stored).isGreaterThanOrEqualTo(SIZE);
        }
    }

    private static long allocatedBytes(Path file) throws Exception {
        var process = new ProcessBuilder("stat", "-c", "%b", file.toString()).start();
        return 512 * Long.parseLong(
                new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).trim());
    }

    @Test
    void theRateFollowsTheClock() {
        var now = new AtomicLong();
        var rate = new Rate(now::get);
        rate.restart(1000);
        for (int second = 1; second <= 30; second++) {
            now.addAndGet(1_000_000_000L);
            rate.sample(1000 + second * 500L);
        }
        assertThat(rate.sample(16_000)).isEqualTo(500);
    }

    @Test
    void refusesWhatIsNotAProvisioning() {
        assertThat(Provisioning.of("eager-thick")).isEqualTo(Provisioning.EAGER_THICK);
        assertThatIllegalArgumentException().isThrownBy(() -> Provisioning.of("fat"))
                .withMessageContaining("was 'fat'");
    }

    /// This machine's files, of which flat files take no more bytes while it is full.
    private record FullVolume(AtomicBoolean full) implements Volume {

        @Override
        public VolumeFile create(Path file) throws IOException {
            return wrap(file, Volume.local().create(file));
        }

        @Override
        public VolumeFile open(Path file) throws IOException {
            return wrap(file, Volume.local().open(file));
        }

        private VolumeFile wrap(Path path, VolumeFile file) {
            if (!path.toString().endsWith("-flat.vmdk")) {
                return file;
            }
            return (VolumeFile) Proxy.newProxyInstance(getClass().getClassLoader(),
                    new Class<?>[]{VolumeFile.class},
                    (_, method, arguments) -> {
                        if (method.getName().equals("write") && full.get()) {
                            throw new NoSpaceException("full", new IOException("No space left on device"));
                        }
                        try {
                            return method.invoke(file, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }

        @Override
        public boolean exists(Path file) {
            return Volume.local().exists(file);
        }

        @Override
        public void createFolder(Path folder) throws IOException {
            Volume.local().createFolder(folder);
        }

        @Override
        public void rename(Path from, Path to) throws IOException {
            Volume.local().rename(from, to);
        }

        @Override
        public void delete(Path file) throws IOException {
            Volume.local().delete(file);
        }

        @Override
        public void forceFolder(Path folder) throws IOException {
            Volume.local().forceFolder(folder);
        }
    }
}
