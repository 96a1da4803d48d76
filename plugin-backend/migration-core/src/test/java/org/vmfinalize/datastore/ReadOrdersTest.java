package org.vmfinalize.datastore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.disk.MemoryBackup;
import org.vmfinalize.hydration.Hydrator;
import org.vmfinalize.hydration.RateLimit;

class ReadOrdersTest {

    private static final int SIZE = 16 << 20;

    /// Where the first machine reads, far from each other.
    private static final List<Long> BOOT = List.of(9L << 20, 1L << 20, 14L << 20, 5L << 20);

    @TempDir
    Path directory;

    private final MemoryBackup backup = new MemoryBackup(MemoryBackup.mixed(SIZE, 8), false);
    private final List<Long> reads = new CopyOnWriteArrayList<>();

    private Datastore open() throws IOException {
        backup.beforeRead = (position, _) -> reads.add(position);
        return Datastore.open("ds", directory, _ -> backup);
    }

    private static void boot(InstantDisks disks) throws IOException {
        for (long position : BOOT) {
            disks.disks().getFirst().read(ByteBuffer.allocate(4096), position);
        }
    }

    /// Where the backup is read by a machine that runs now for the first time and reads nothing.
    private List<Long> hydrationOfTheNext(Datastore datastore) throws IOException {
        reads.clear();
        var next = datastore.create("next", BackupReference.at("memory"));
        var disk = next.disks().getFirst();
        assertThat(new Hydrator(disk, new RateLimit(0), false, 1).run()).isTrue();
        var content = ByteBuffer.allocate(SIZE);
        disk.read(content, 0);
        assertThat(content.array()).isEqualTo(backup.content);
        return reads;
    }

    @Test
    void whatTheLastMachineReadIsHydratedFirst() throws IOException {
        try (var datastore = open()) {
            boot(datastore.create("vm", BackupReference.at("memory")));
            datastore.discard("vm");

            assertThat(hydrationOfTheNext(datastore)).startsWith(BOOT.toArray(Long[]::new));
        }
    }

    @Test
    void itIsKnownAfterARestart() throws IOException {
        try (var datastore = open()) {
            boot(datastore.create("vm", BackupReference.at("memory")));
        }
        try (var datastore = open()) {
            assertThat(hydrationOfTheNext(datastore)).startsWith(BOOT.toArray(Long[]::new));
        }
    }

    /// As after `kill -9`: nothing was closed.
    @Test
    void itIsKnownAfterAKillIfItWasStoredBefore() throws IOException {
        try (var killed = open()) {
            boot(killed.create("vm", BackupReference.at("memory")));
            killed.storeReadOrders();
            var remains = Files.createDirectories(directory.resolve("remains"));
            copy(directory.resolve(Datastore.HIDDEN_FOLDER), remains.resolve(Datastore.HIDDEN_FOLDER));
            copy(directory.resolve("vm"), remains.resolve("vm"));

            try (var next = Datastore.open("ds", remains, _ -> backup)) {
                assertThat(hydrationOfTheNext(next)).startsWith(BOOT.toArray(Long[]::new));
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (var file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    @Test
    void anotherRestorePointHasItsOwnOrder() throws IOException {
        try (var datastore = open()) {
            boot(datastore.create("vm", BackupReference.at("memory")));
            datastore.discard("vm");
            backup.identity = "identity-2";

            assertThat(hydrationOfTheNext(datastore).getFirst()).isNotIn(BOOT);
        }
    }

    @Test
    void aDamagedOrderIsNotUsed() throws IOException {
        try (var datastore = open()) {
            boot(datastore.create("vm", BackupReference.at("memory")));
            datastore.discard("vm");
            try (var files = Files.newDirectoryStream(directory.resolve(Datastore.HIDDEN_FOLDER),
                    "reads-*")) {
                for (var file : files) {
                    Files.writeString(file, "99999999999999 4096\n");
                }
            }

            assertThat(hydrationOfTheNext(datastore).getFirst()).isNotIn(BOOT);
        }
    }
}
