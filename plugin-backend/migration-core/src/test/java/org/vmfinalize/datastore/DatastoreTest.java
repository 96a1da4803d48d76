package org.vmfinalize.datastore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmfinalize.disk.LiveDisk;
import org.vmfinalize.disk.LiveDiskSettings;
import org.vmfinalize.disk.MemoryBackup;
import org.vmfinalize.disk.Volume;
import org.vmfinalize.hydration.Hydrator;
import org.vmfinalize.hydration.RateLimit;

@Timeout(60)
class DatastoreTest {

    /// Not a multiple of 512: the live disk is longer.
    private static final int SIZE = (3 << 20) + 1000;
    private static final int DISK_SIZE = (3 << 20) + 1024;

    @TempDir
    Path directory;

    private final MemoryBackup backup = new MemoryBackup(MemoryBackup.mixed(SIZE, 5), true);

    private Datastore open() throws IOException {
        return Datastore.open("ds", directory, _ -> backup);
    }

    private static InstantDisks create(Datastore datastore) throws IOException {
        return datastore.create("web 01", BackupReference.at("memory"));
    }

    private Path flat() throws IOException {
        return directory.toRealPath().resolve("web 01/disk-0-flat.vmdk");
    }

    private static byte[] read(LiveDisk disk) throws IOException {
        var target = ByteBuffer.allocate((int) disk.size());
        disk.read(target, 0);
        return target.array();
    }

    private byte[] expected() {
        return Arrays.copyOf(backup.content, DISK_SIZE);
    }

    @Test
    void laysDownDisksThatReadAsTheBackupAndHoldsIt() throws IOException {
        try (var datastore = open()) {
            var disks = create(datastore);

            var disk = datastore.liveDisk(flat()).orElseThrow();
            assertThat(disk.size()).isEqualTo(DISK_SIZE);
            assertThat(read(disk)).isEqualTo(expected());
            assertThat(disks.backup().identity()).isEqualTo("identity-1");
            assertThat(disk.counters().zeroBytes()).isPositive();
            assertThat(Files.size(flat())).isEqualTo(DISK_SIZE);
            assertThat(backup.holders).hasSize(1);
        }
        assertThat(backup.holders).as("a restart does not let go of the backup").hasSize(1);
    }

    @Test
    void theFinishedDiskComparesEqualByQemuImg() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/qemu-img")), "install Debian package qemu-utils");
        try (var datastore = open()) {
            var disks = create(datastore);
            assertThat(new Hydrator(disks.disks().getFirst(), new RateLimit(0), false, 2).run()).isTrue();
            disks.seal();
        }
        Path raw = Files.write(directory.resolve("expected.raw"), expected());
        String vmdk = directory.resolve("web 01/disk-0.vmdk").toString();

        assertThat(run("qemu-img", "info", vmdk)).contains("file format: vmdk", "create type: vmfs");
        assertThat(run("qemu-img", "compare", "-f", "vmdk", "-F", "raw", vmdk, raw.toString()))
                .contains("Images are identical");
    }

    private static String run(String... command) throws Exception {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }

    @Test
    void aSecondServerIsRefusedWithWhoHoldsIt() throws IOException {
        try (var _ = open()) {
            assertThatIOException().isThrownBy(this::open)
                    .withMessageContaining("in use by process " + ProcessHandle.current().pid());
        }
        open().close();
    }

    @Test
    void opensWithoutTheBackupAndFindsItLater() throws IOException {
        try (var datastore = open()) {
            create(datastore);
        }
        var away = new AtomicBoolean(true);
        BackupOpener opener = _ -> {
            if (away.get()) {
                throw new IOException("no such share");
            }
            return backup;
        };
        try (var datastore = Datastore.open("ds", directory, opener)) {
            var disks = datastore.instantDisks("web 01").orElseThrow();
            assertThat(disks.backupOpen()).isFalse();
            away.set(false);

            assertThat(read(disks.disks().getFirst())).isEqualTo(expected());
            assertThat(disks.backupOpen()).isTrue();
        }
    }

    @Test
    void anotherRestorePointInTheSamePlaceIsNotRead() throws IOException {
        try (var datastore = open()) {
            create(datastore);
        }
        backup.identity = "identity-2";
        var settings = LiveDiskSettings.DEFAULT.withBackupPatience(Duration.ZERO);
        try (var datastore = Datastore.open("ds", directory, _ -> backup, settings,
                Volume.local())) {
            var disk = datastore.liveDisks().getFirst();

            assertThatIOException().isThrownBy(() -> read(disk))
                    .withMessageContaining("put the right one back");
        }
    }

    /// Its identity may not tell: what a format takes for it is the format's affair.
    @Test
    void aBackupDiskThatHasAnotherSizeNowIsNotRead() throws IOException {
        try (var datastore = open()) {
            create(datastore);
        }
        var shorter = new MemoryBackup(Arrays.copyOf(backup.content, backup.content.length / 2), true);
        var settings = LiveDiskSettings.DEFAULT.withBackupPatience(Duration.ZERO);
        try (var datastore = Datastore.open("ds", directory, _ -> shorter, settings, Volume.local())) {
            var disk = datastore.liveDisks().getFirst();

            assertThatIOException().isThrownBy(() -> read(disk))
                    .withMessageContaining("must fill a live disk of");
        }
    }

    @Test
    void keepsALiveDiskThroughRenamesOfItsFileAndItsFolder() throws IOException {
        try (var datastore = open()) {
            create(datastore).disks().getFirst().write(ByteBuffer.wrap(new byte[]{77}), 3);
            Path root = datastore.directory();
            Path other = root.resolve("web 01/other-flat.vmdk");
            var flat = flat();
            datastore.rename(flat, other, () -> Files.move(flat, other));
            assertThat(datastore.isLiveDiskFile(other)).isTrue();
            assertThat(datastore.isLiveDiskFile(flat())).isFalse();

            datastore.rename(root.resolve("web 01"), root.resolve("db"),
                    () -> Files.move(root.resolve("web 01"), root.resolve("db")));
            assertThat(datastore.instantDisks("db")).isPresent();
        }
        try (var datastore = open()) {
            var disk = datastore.liveDisk(datastore.directory().resolve("db/other-flat.vmdk")).orElseThrow();
            byte[] expected = expected();
            expected[3] = 77;
            assertThat(read(disk)).isEqualTo(expected);
        }
    }

    @Test
    void discardLeavesNothingBehind() throws IOException {
        try (var datastore = open()) {
            create(datastore);

            datastore.discard("web 01");

            assertThat(datastore.liveDisks()).isEmpty();
            assertThat(backup.holders).isEmpty();
            assertThat(backup.closed).isTrue();
            assertThat(directory.resolve("web 01")).doesNotExist();
            assertThat(names(directory.resolve(Datastore.HIDDEN_FOLDER))).containsExactly("lock");
            assertThatIllegalArgumentException().isThrownBy(() -> datastore.discard("web 01"));
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void aCreationThatACrashCutShortIsUndone() throws IOException {
        String id;
        try (var datastore = open()) {
            create(datastore);
            id = names(directory.resolve(Datastore.HIDDEN_FOLDER)).getFirst();
        }
        Path hidden = directory.resolve(Datastore.HIDDEN_FOLDER);
        Files.move(hidden.resolve(id), hidden.resolve(id + ".new"));

        try (var datastore = open()) {
            assertThat(datastore.instantDisks()).isEmpty();
            assertThat(flat()).doesNotExist();
            assertThat(backup.holders).isEmpty();
        }
    }

    /// The folder with the state of the only instant VM.
    private Path state() throws IOException {
        Path hidden = directory.resolve(Datastore.HIDDEN_FOLDER);
        return hidden.resolve(names(hidden).getFirst());
    }

    @Test
    void aDiskWhoseStateIsLostIsRefusedNotTakenForAPlainFile() throws IOException {
        try (var datastore = open()) {
            create(datastore);
        }
        Files.move(state().resolve("disk-0"), directory.resolve("lost"));

        try (var datastore = open()) {
            assertThat(datastore.refused()).singleElement().satisfies(refused -> {
                assertThat(refused.vmFolder()).contains("web 01");
                assertThat(refused.reason()).contains("must be the state of live disk disk-0");
            });
            assertThat(datastore.isLiveDiskFile(flat())).isTrue();
            assertThat(datastore.liveDisk(flat())).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"disk-0/map", "disk-0/journal-1", "flat"})
    void oneDamagedDiskIsRefusedAndAllOthersAreServed(String damaged) throws IOException {
        Path state;
        try (var datastore = open()) {
            create(datastore);
            state = state();
            datastore.create("sound", BackupReference.at("memory"));
        }
        if (damaged.equals("flat")) {
            Files.write(flat(), new byte[DISK_SIZE + 512]);
        } else {
            byte[] bytes = Files.readAllBytes(state.resolve(damaged));
            bytes[20] ^= 1;
            Files.write(state.resolve(damaged), bytes);
        }

        try (var datastore = open()) {
            assertThat(datastore.isRefused(flat())).isTrue();
            assertThat(datastore.instantDisks("web 01")).isEmpty();
            var sound = datastore.instantDisks("sound").orElseThrow().disks().getFirst();
            assertThat(datastore.isRefused(sound.flatFile())).isFalse();
            assertThat(read(sound)).isEqualTo(expected());
            assertThatExceptionOfType(FileAlreadyExistsException.class).isThrownBy(() -> create(datastore));
            var root = datastore.directory();
            assertThatIOException().isThrownBy(
                    () -> datastore.rename(root.resolve("web 01"), root.resolve("x"), () -> {
                        throw new AssertionError("was renamed");
                    })).withMessageContaining("must keep its name");

            datastore.discard("web 01");

            assertThat(datastore.refused()).isEmpty();
            assertThat(flat()).doesNotExist();
            create(datastore);
        }
    }

    @Test
    void aDamagedRecordIsReadFromItsCopyAndWithoutOneNoFlatFileIsTrusted() throws IOException {
        try (var datastore = open()) {
            create(datastore);
        }
        Path state = state();
        Files.writeString(state.resolve("instant.properties"),
                Files.readString(state.resolve("instant.properties")).replace("web 01", "web 02"));
        try (var datastore = open()) {
            assertThat(datastore.instantDisks("web 01")).isPresent();
        }

        Files.write(state.resolve("instant.properties.copy"), new byte[100]);
        try (var datastore = open()) {
            assertThat(datastore.refused()).singleElement()
                    .satisfies(refused -> assertThat(refused.reason()).contains("checksum"));
            assertThat(datastore.isRefused(flat())).isTrue();
            var other = datastore.create("other", BackupReference.at("memory")).disks().getFirst();
            assertThat(datastore.isRefused(other.flatFile())).isFalse();

            // Under any name: what it is is known by its size, which the rest of its state says.
            Path renamed = Files.move(flat(), flat().resolveSibling("disk.img"));
            assertThat(datastore.isRefused(renamed)).isTrue();
            assertThat(datastore.isLiveDiskFile(renamed)).isTrue();
            Path sound = Files.write(flat().resolveSibling("notes.img"), new byte[DISK_SIZE - 512]);
            assertThat(datastore.isRefused(sound)).isFalse();
        }
    }

    @Test
    void aRenameThatFailsChangesNothing() throws IOException {
        try (var datastore = open()) {
            create(datastore);
            var flat = flat();
            assertThatIOException().isThrownBy(() -> datastore.rename(flat, flat.resolveSibling("b"), () -> {
                throw new IOException("Permission denied");
            })).withMessage("Permission denied");
            assertThat(datastore.liveDisk(flat)).isPresent();
            assertThat(names(state())).containsExactly("disk-0", "instant.properties",
                    "instant.properties.copy");
        }
        try (var datastore = open()) {
            assertThat(datastore.liveDisk(flat())).isPresent();
        }
    }

    @Test
    void refusesAFolderWithSuchFilesAndKeepsThem() throws IOException {
        Files.createDirectory(directory.resolve("web 01"));
        Files.writeString(directory.resolve("web 01/disk-0.vmdk"), "mine");
        try (var datastore = open()) {
            assertThatExceptionOfType(FileAlreadyExistsException.class).isThrownBy(() -> create(datastore));
            assertThat(datastore.instantDisks()).isEmpty();
        }
        assertThat(directory.resolve("web 01/disk-0.vmdk")).hasContent("mine");
        assertThat(backup.closed).isTrue();
    }

    @Test
    void refusesASecondInstantVmInTheSameFolder() throws IOException {
        try (var datastore = open()) {
            create(datastore);
            assertThatExceptionOfType(FileAlreadyExistsException.class).isThrownBy(() -> create(datastore));
            assertThat(read(datastore.liveDisk(flat()).orElseThrow())).isEqualTo(expected());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "..", ".", ".hidden", "a/b", "a\\b", "tab\tname"})
    void refusesNamesThatAreNoFolder(String name) throws IOException {
        try (var datastore = open()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> datastore.create(name, BackupReference.at("memory")));
        }
    }

    @Test
    void aDisksNameOutOfABackupIsNoPath() throws IOException {
        var hostile = new MemoryBackup(backup.content, true) {
            @Override
            public String name() {
                return "../../escape";
            }
        };
        try (var datastore = Datastore.open("ds", directory, _ -> hostile)) {
            var disks = datastore.create("vm", BackupReference.at("memory"));
            assertThat(disks.disks().getFirst().name()).isEqualTo("disk-0");
            assertThat(names(directory.resolve("vm"))).containsExactly("disk-0-flat.vmdk", "disk-0.vmdk");
        }
    }
}
