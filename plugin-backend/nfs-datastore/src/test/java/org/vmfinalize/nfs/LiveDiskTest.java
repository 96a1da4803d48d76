package org.vmfinalize.nfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.datastore.BackupReference;
import org.vmfinalize.datastore.Datastore;
import org.vmfinalize.datastore.InstantDisks;
import org.vmfinalize.disk.LiveDiskSettings;
import org.vmfinalize.disk.Volume;
import org.vmfinalize.nfs.export.Export;

/// Live disks through NFS.
class LiveDiskTest {

    private static final int SIZE = 4 << 20;
    private static final int ACCES = 13;
    private static final int IO = 5;
    private static final int NOENT = 2;
    private static final int FBIG = 27;
    private static final int INVAL = 22;
    private static final int ROFS = 30;
    private static final int STALE = 70;
    private static final int JUKEBOX = 10008;

    @TempDir
    private Path directory;
    private final byte[] content = TestBackup.mixed(SIZE, 3);
    private final TestBackup backup = new TestBackup(content);
    private final ExecutorService background = Executors.newVirtualThreadPerTaskExecutor();
    private TestExport export;
    private InstantDisks instant;
    private Nfs3Client client;
    private byte[] root;
    private byte[] folder;
    private byte[] flat;
    private String flatName;

    @BeforeEach
    void start() throws IOException {
        export = new TestExport(directory, _ -> backup);
        instant = export.datastore().create("web", BackupReference.at("memory"));
        flatName = instant.disks().getFirst().flatFile().getFileName().toString();
        client = export.client();
        root = client.mount("/ds").handle();
        folder = client.lookup(root, "web").handle();
        flat = client.lookup(folder, flatName).handle();
    }

    @AfterEach
    void stop() throws IOException {
        backup.free();
        client.close();
        export.close();
        background.close();
    }

    @Test
    void aReadThatWaitsForAStuckBackupDelaysNothingElseOnItsConnection() throws Exception {
        backup.stick();
        Future<Nfs3Results.Read> stuck = later(() -> client.read(flat, 8192, 4096));
        awaitReader();

        assertThat(client.getattr(root).status()).isZero();
        byte[] page = new byte[4096];
        Arrays.fill(page, (byte) 0x42);
        assertThat(client.write(flat, 65_536, page, Nfs3Client.FILE_SYNC).status()).isZero();
        assertThat(client.read(flat, 65_536, 4096).data()).isEqualTo(page);
        assertThat(client.commit(flat).status()).isZero();
        assertThat(client.create(folder, "vmware.log").status()).isZero();
        assertThat(stuck.isDone()).isFalse();

        backup.free();
        assertThat(stuck.get(20, TimeUnit.SECONDS).data())
                .isEqualTo(Arrays.copyOfRange(content, 8192, 12_288));
    }

    private <T> Future<T> later(Callable<T> work) {
        return background.submit(work);
    }

    private void awaitReader() {
        while (backup.waitingReads.get() == 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    void hundredsOfStuckReadsDoNotHoldUpTheHeartbeat() throws Exception {
        backup.stick();
        List<Future<Nfs3Results.Read>> stuck = java.util.stream.IntStream.range(0, 300)
                .mapToObj(i -> later(() -> client.read(flat, 4096L * i, 262_144))).toList();
        awaitReader();

        for (int i = 0; i < 20; i++) {
            assertThat(client.getattr(root).status()).isZero();
        }

        backup.free();
        for (int i = 0; i < stuck.size(); i++) {
            assertThat(stuck.get(i).get(20, TimeUnit.SECONDS).data())
                    .isEqualTo(Arrays.copyOfRange(content, 4096 * i, 4096 * i + 262_144));
        }
    }

    @Test
    void aConnectionFullOfStuckReadsIsStillReadAndTheReadsBeyondAreToComeAgain() throws Exception {
        backup.stick();
        int reads = 12_400;
        try (var connection = new RawConnection(export.ports().nfs())) {
            for (int i = 0; i < reads; i++) {
                connection.sendRecord(
                        CallBytes.nfs(6).opaque(flat).hyper(4096L * (i % 1000)).number(4096).record());
            }
            connection.sendRecord(CallBytes.nfs(1).opaque(root).record());
            int jukebox = 0;
            int status = connection.receive().getInt(24);
            while (status == JUKEBOX) {
                jukebox++;
                status = connection.receive().getInt(24);
            }
            assertThat(status).isZero();
            assertThat(jukebox).isBetween(1, 200);

            backup.free();
            for (int i = 0; i < reads - jukebox; i++) {
                assertThat(connection.receive().getInt(24)).isZero();
            }
        }
    }

    @Test
    void aFailedSyncIsReportedAndChangesTheWriteVerifier(@TempDir Path other) throws IOException {
        var volume = new FailingVolume();
        var datastore = Datastore.open("failing", other, _ -> backup, LiveDiskSettings.DEFAULT,
                volume.volume());
        String name = datastore.create("vm", BackupReference.at("memory")).disks().getFirst().flatFile()
                .getFileName()
                .toString();
        var server = NfsServer.start(NfsSettings.onLoopback(List.of(Export.toLoopback("/ds", datastore))));
        try (var nfs = new Nfs3Client(server.ports())) {
            byte[] vm = nfs.mount("/ds/vm").handle();
            byte[] disk = nfs.lookup(vm, name).handle();
            byte[] plain = nfs.create(vm, "plain").handle();
            long before = nfs.write(disk, 0, new byte[4096], Nfs3Client.UNSTABLE).verifier();
            assertThat(nfs.commit(plain).verifier()).isEqualTo(before);

            volume.fail();

            assertThat(nfs.commit(disk).status()).isEqualTo(IO);
            assertThat(nfs.commit(plain).verifier()).isNotEqualTo(before);
        }
        assertThatIOException().isThrownBy(server::close);
        assertThat(other.resolve(".vmfinalize/nfs-write-verifier")).doesNotExist();
        volume.mend();
        datastore.close();
    }

    @Test
    void usedIsWhatTheDatastoreReallyUsesAndGrowsWithHydration() throws Exception {
        long before = client.attributes(flat).used();
        assertThat(client.attributes(flat).size()).isEqualTo(SIZE);
        assertThat(before).isLessThan(SIZE / 4);
        client.write(flat, 0, new byte[65_536], Nfs3Client.FILE_SYNC);

        Hydration.hydrateAndSeal(instant);

        var file = directory.resolve("web").resolve(flatName);
        long data = 0;
        for (int at = 0; at < SIZE; at += 65_536) {
            data += Arrays.equals(content, at, at + 65_536, new byte[65_536], 0, 65_536) ? 0 : 65_536;
        }
        assertThat(client.attributes(flat).used()).isGreaterThanOrEqualTo(data - 65_536).isLessThan(SIZE)
                .isEqualTo(512L * ProceduresTest.blocks(file));
    }

    @Test
    void aWriteWhoseEdgesNeedTheBackupWaitsForItAlone() throws Exception {
        byte[] data = new byte[6000];
        Arrays.fill(data, (byte) 0x17);
        backup.stick();
        Future<Nfs3Results.Written> stuck = later(
                () -> client.write(flat, 100_001, data, Nfs3Client.FILE_SYNC));
        awaitReader();

        assertThat(client.getattr(root).status()).isZero();
        assertThat(stuck.isDone()).isFalse();

        backup.free();
        assertThat(stuck.get(20, TimeUnit.SECONDS).status()).isZero();
        byte[] expected = Arrays.copyOfRange(content, 98_304, 114_688);
        System.arraycopy(data, 0, expected, 100_001 - 98_304, data.length);
        assertThat(client.read(flat, 98_304, 16_384).data()).isEqualTo(expected);
    }

    @Test
    void aFinalizationIsInvisible() throws Exception {
        client.write(flat, 4096, new byte[]{1, 2, 3, 4}, Nfs3Client.FILE_SYNC);
        var before = client.attributes(flat);

        Hydration.hydrateAndSeal(instant);

        var after = client.attributes(flat);
        assertThat(after).usingRecursiveComparison().ignoringFields("used").isEqualTo(before);
        assertThat(after.used()).isGreaterThan(before.used());
        assertThat(client.lookup(folder, flatName).handle()).isEqualTo(flat);
        byte[] expected = content.clone();
        System.arraycopy(new byte[]{1, 2, 3, 4}, 0, expected, 4096, 4);
        assertThat(readAll()).isEqualTo(expected);
        assertThat(client.write(flat, 10, new byte[]{9}, Nfs3Client.FILE_SYNC).status()).isZero();
        assertThat(client.attributes(flat).mtime()).isNotEqualTo(before.mtime());
        assertThat(client.read(flat, 10, 1).data()).containsExactly(9);
    }

    private byte[] readAll() throws IOException {
        byte[] all = new byte[SIZE];
        for (int at = 0; at < SIZE; at += 1 << 20) {
            System.arraycopy(client.read(flat, at, 1 << 20).data(), 0, all, at, 1 << 20);
        }
        return all;
    }

    @Test
    void guestsWriteAndReadTheWholeTimeWhileTheirDiskIsFinalized() throws Exception {
        byte[] expected = content.clone();
        var job = later(() -> {
            Hydration.hydrateAndSeal(instant);
            return true;
        });
        long seed = System.nanoTime();
        var random = new java.util.Random(seed);
        do {
            int at = random.nextInt(SIZE - 20_000);
            byte[] data = new byte[1 + random.nextInt(20_000)];
            random.nextBytes(data);
            int stability = random.nextInt(3);
            assertThat(client.write(flat, at, data, stability).status()).as("seed %d", seed).isZero();
            System.arraycopy(data, 0, expected, at, data.length);
            int from = random.nextInt(SIZE - 50_000);
            assertThat(client.read(flat, from, 50_000).data()).as("seed %d", seed)
                    .isEqualTo(Arrays.copyOfRange(expected, from, from + 50_000));
        } while (!job.isDone());
        job.get();

        assertThat(readAll()).as("seed %d", seed).isEqualTo(expected);
        assertThat(Files.readAllBytes(directory.resolve("web").resolve(flatName))).isEqualTo(expected);
    }

    @Test
    void aLiveDiskKeepsItsSizeAndCannotBeRemovedOrReplaced() throws IOException {
        client.create(folder, "other");

        assertThat(client.setSize(flat, 4096)).isEqualTo(ACCES);
        assertThat(client.setSize(flat, SIZE + 4096L)).isEqualTo(ACCES);
        assertThat(client.setSize(flat, SIZE)).isZero();
        assertThat(client.write(flat, SIZE - 10, new byte[11], Nfs3Client.UNSTABLE).status()).isEqualTo(FBIG);
        assertThat(client.remove(folder, flatName)).isEqualTo(ACCES);
        assertThat(client.rename(folder, "other", folder, flatName)).isEqualTo(ACCES);
        assertThat(readAll()).isEqualTo(content);
    }

    @Test
    void theDescriptorOfALiveDiskIsNotRemovedWithTheMachine() throws IOException {
        assertThat(client.remove(folder, flatName.replace("-flat", ""))).isEqualTo(ACCES);
        assertThat(client.create(folder, "web.vmx").status()).isZero();
        assertThat(client.remove(folder, "web.vmx")).isZero();
    }

    @Test
    void aParentOfDisksElsewhereIsReadAndNotChangedUntilItIsNoneAnyMore() throws Exception {
        export.datastore().setParents("web", true);
        var descriptor = flatName.replace("-flat", "");

        assertThat(client.write(flat, 0, new byte[4096], 2).status()).isEqualTo(ROFS);
        assertThat(client.setSize(flat, SIZE)).isEqualTo(ROFS);
        assertThat(client.rename(folder, flatName, folder, "other")).isEqualTo(ROFS);
        assertThat(client.rename(root, "web", root, "other")).isEqualTo(ROFS);
        assertThat(client.remove(folder, descriptor)).isEqualTo(ROFS);
        assertThat(client.write(client.lookup(folder, descriptor).handle(), 0, new byte[1], 2).status())
                .isEqualTo(ROFS);
        assertThat(client.create(folder, ".lck-1").status()).as("locks of readers").isZero();
        Hydration.hydrateAndSeal(instant);
        assertThat(client.read(flat, 0, 4096).data()).isEqualTo(Arrays.copyOf(content, 4096));
        assertThat(client.write(flat, 0, new byte[4096], 2).status()).as("complete").isEqualTo(ROFS);
        assertThat(client.remove(folder, flatName)).isEqualTo(ROFS);

        export.datastore().setParents("web", false);
        assertThat(client.write(flat, 0, new byte[4096], 2).status()).isZero();
        assertThat(client.remove(folder, flatName)).isZero();
    }

    @Test
    void positionsThatCannotBeAreRefusedAndReadsEndWithTheDisk() throws IOException {
        for (long offset : new long[]{SIZE, SIZE + 512L, Long.MAX_VALUE - 4, Long.MIN_VALUE, -1}) {
            assertThat(client.write(flat, offset, new byte[512], Nfs3Client.FILE_SYNC).status())
                    .as("write at %d", offset)
                    .isIn(FBIG, INVAL);
            var read = client.read(flat, offset, 512);
            assertThat(read.data()).as("read at %d", offset).isEmpty();
        }
        var last = client.read(flat, SIZE - 100, 512);
        assertThat(last.data()).hasSize(100);
        assertThat(last.eof()).isTrue();
        assertThat(readAll()).isEqualTo(content);
    }

    @Test
    void aRenamedLiveDiskStaysLiveAlsoAfterARestart() throws IOException {
        byte[] elsewhere = client.mkdir(root, "elsewhere").handle();
        assertThat(client.rename(folder, flatName, elsewhere, "moved")).isZero();
        assertThat(client.rename(root, "elsewhere", root, "there")).isZero();
        client.write(flat, 8192, new byte[]{5}, Nfs3Client.FILE_SYNC);

        client.close();
        export.restart();
        client = export.client();

        assertThat(export.datastore().liveDisk(directory.toRealPath().resolve("there/moved"))).isPresent();
        byte[] expected = content.clone();
        expected[8192] = 5;
        assertThat(readAll()).isEqualTo(expected);
        client.write(flat, 12_288, new byte[]{6}, Nfs3Client.FILE_SYNC);
        expected[12_288] = 6;
        assertThat(readAll()).isEqualTo(expected);
    }

    @Test
    void aDiskWhoseMapIsDamagedIsSeenButNeitherReadNorWrittenAndOthersAreServed() throws IOException {
        export.datastore().create("sound", BackupReference.at("memory"));
        client.close();
        export.close();
        Path hidden = directory.resolve(Datastore.HIDDEN_FOLDER);
        try (var states = Files.list(hidden)) {
            for (Path state : (Iterable<Path>) states.filter(Files::isDirectory)::iterator) {
                if (Files.readString(state.resolve("instant.properties")).contains("vmFolder=web")) {
                    Files.write(state.resolve("disk-0/map"), new byte[200]);
                }
            }
        }
        export = new TestExport(directory, _ -> backup);
        client = export.client();

        assertThat(client.lookup(folder, flatName).status()).isZero();
        assertThat(client.read(flat, 0, 4096).status()).isEqualTo(IO);
        assertThat(client.write(flat, 0, new byte[512], Nfs3Client.FILE_SYNC).status()).isEqualTo(IO);
        assertThat(client.remove(folder, flatName)).isNotZero();
        assertThat(client.rename(folder, flatName, folder, "x")).isNotZero();
        assertThat(client.rename(root, "web", root, "x")).isNotZero();
        folder = client.lookup(root, "sound").handle();
        flat = client.lookup(folder, flatName).handle();
        assertThat(readAll()).isEqualTo(content);
    }

    @Test
    void aDiscardedDiskIsGoneForItsHandles() throws IOException {
        export.datastore().discard("web");

        assertThat(client.getattr(flat).status()).isEqualTo(STALE);
        assertThat(client.read(flat, 0, 4096).status()).isEqualTo(STALE);
    }

    @Test
    void theHiddenFolderCannotBeReachedInAnyWay() throws IOException {
        String hidden = Datastore.HIDDEN_FOLDER;
        assertThat(Files.isDirectory(directory.resolve(hidden))).isTrue();
        client.create(root, "file");

        assertThat(client.lookup(root, hidden).status()).isEqualTo(NOENT);
        assertThat(client.mount("/ds/" + hidden).status()).isEqualTo(NOENT);
        assertThat(client.names(root, 4096)).doesNotContain(hidden);
        assertThat(client.mkdir(root, hidden).status()).isEqualTo(ACCES);
        assertThat(client.create(root, hidden).status()).isEqualTo(ACCES);
        assertThat(client.rename(root, "file", root, hidden)).isNotZero();
        assertThat(client.rename(root, hidden, root, "seen")).isEqualTo(NOENT);
        assertThat(client.remove(root, hidden)).isEqualTo(NOENT);
        assertThat(client.rmdir(root, hidden)).isEqualTo(NOENT);
        assertThat(client.getattr(handleOf(directory.resolve(hidden))).status()).isEqualTo(STALE);
        try (var inside = Files.walk(directory.resolve(hidden))) {
            for (Path path : (Iterable<Path>) inside::iterator) {
                assertThat(client.getattr(handleOf(path)).status()).as(path.toString()).isEqualTo(STALE);
            }
        }
    }

    /// The handle that a file would have: made from the root's, with the file's inode and birth time.
    private byte[] handleOf(Path path) throws IOException {
        var bytes = java.nio.ByteBuffer.wrap(root.clone());
        bytes.putLong(8, (Long) Files.getAttribute(path, "unix:ino"));
        var birth = (java.nio.file.attribute.FileTime) Files.getAttribute(path, "creationTime");
        bytes.putLong(16, birth.to(TimeUnit.NANOSECONDS));
        return bytes.array();
    }

    @Test
    void handlesAreMadeAsTheTestOfTheHiddenFolderBelieves() throws IOException {
        assertThat(handleOf(directory.resolve("web"))).isEqualTo(folder);
    }

    @Test
    void aBackupThatIsAwayForTooLongIsReportedAsTheSettingSays(@TempDir Path other) throws IOException {
        var settings = LiveDiskSettings.DEFAULT.withBackupPatience(Duration.ZERO);
        try (var datastore = Datastore.open("impatient", other, _ -> backup, settings, Volume.local())) {
            String name = datastore.create("vm", BackupReference.at("memory")).disks().getFirst().flatFile()
                    .getFileName().toString();
            backup.unplug();
            var exports = NfsSettings.onLoopback(List.of(Export.toLoopback("/ds", datastore)));
            assertThat(statusOfRead(exports, name)).isEqualTo(JUKEBOX);
            assertThat(statusOfRead(exports.withWhenBackupUnavailable(NfsSettings.WhenBackupUnavailable.FAIL),
                    name))
                    .isEqualTo(5);
        }
    }

    private static int statusOfRead(NfsSettings settings, String name) throws IOException {
        try (var server = NfsServer.start(settings); var nfs = new Nfs3Client(server.ports())) {
            byte[] vm = nfs.mount("/ds/vm").handle();
            return nfs.read(nfs.lookup(vm, name).handle(), 0, 4096).status();
        }
    }
}
