package org.vmfinalize.datastore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.disk.LiveDiskSettings;
import org.vmfinalize.disk.MemoryBackup;
import org.vmfinalize.disk.Volume;
import org.vmfinalize.finalization.Finalization;
import org.vmfinalize.finalization.FinalizationOptions;
import org.vmfinalize.finalization.FinalizationState;

@Timeout(60)
class SecondCopyTest {

    private static final int SIZE = 6 << 20;

    @TempDir
    Path directory;

    private final MemoryBackup first = new MemoryBackup(MemoryBackup.mixed(SIZE, 1), true);
    private final MemoryBackup second = new MemoryBackup(first.content.clone(), true);
    private final Map<String, MemoryBackup> there = new ConcurrentHashMap<>(
            Map.of("first", first, "second", second));

    SecondCopyTest() {
        second.identity = "identity-of-the-copy";
    }

    private Datastore datastore() throws IOException {
        return Datastore.open("ds", directory, reference -> {
            var found = there.get(reference.location());
            if (found == null) {
                throw new IOException("backup %s: is away".formatted(reference.location()));
            }
            return found;
        }, LiveDiskSettings.DEFAULT.withBackupPatience(Duration.ofSeconds(20)), Volume.local());
    }

    private static byte[] read(InstantDisks disks) throws IOException {
        var bytes = ByteBuffer.allocate(SIZE);
        disks.disks().getFirst().read(bytes, 0);
        return bytes.array();
    }

    /// From now on the copy cannot be opened, and what has it open cannot read it.
    private void takeAway(String location) {
        var gone = Objects.requireNonNull(there.remove(location));
        gone.beforeRead = (_, _) -> {
            throw new IOException("the cable is out");
        };
    }

    private void bringBack(String location, MemoryBackup backup) {
        backup.beforeRead = (_, _) -> {
        };
        there.put(location, backup);
    }

    @Test
    void takesOverForAGuestThatReads() throws Exception {
        try (var datastore = datastore()) {
            var disks = datastore.create("vm", BackupReference.at("first"));
            disks.nameSecondCopy("second");
            assertThat(disks.secondCopy().orElseThrow().inUse()).isFalse();
            assertThat(second.holders).hasSize(1);

            takeAway("first");

            assertThat(read(disks)).isEqualTo(first.content);
            assertThat(disks.secondCopy().orElseThrow().inUse()).isTrue();
        }
    }

    @Test
    void takesOverInTheMiddleOfHydration() throws Exception {
        try (var datastore = datastore()) {
            var disks = datastore.create("vm", BackupReference.at("first"));
            disks.nameSecondCopy("second");
            var reads = new AtomicInteger();
            first.beforeRead = (_, _) -> {
                if (reads.incrementAndGet() == 3) {
                    takeAway("first");
                }
            };

            var job = Finalization.of(disks, FinalizationOptions.DEFAULT.verifying(true), _ -> {
            });
            job.start();

            assertThat(job.await().state()).isEqualTo(FinalizationState.COMPLETED);
            assertThat(directory.resolve("vm/disk-0-flat.vmdk")).hasBinaryContent(second.content);
            assertThat(second.holders).isEmpty();
        }
    }

    private void finalizeAndCheck(InstantDisks disks) throws Exception {
        var job = Finalization.of(disks, FinalizationOptions.DEFAULT, _ -> {
        });
        job.start();

        assertThat(job.await().state()).isEqualTo(FinalizationState.COMPLETED);
        assertThat(directory.resolve("vm/disk-0-flat.vmdk")).hasBinaryContent(second.content);
    }

    @Test
    void takesOverWhereTheFirstIsDamaged() throws Exception {
        try (var datastore = datastore()) {
            var disks = datastore.create("vm", BackupReference.at("first"));
            disks.nameSecondCopy("second");
            first.beforeRead = (position, length) -> {
                if (position < SIZE / 2 + 512 && position + length > SIZE / 2) {
                    throw new FormatException("cluster 7 is damaged");
                }
            };

            assertThat(read(disks)).isEqualTo(first.content);
            assertThat(disks.secondCopy().orElseThrow().inUse()).isTrue();
            finalizeAndCheck(disks);
        }
    }

    @Test
    void whatBothCopiesHaveLostIsADamagedBackup() throws Exception {
        try (var datastore = datastore()) {
            var disks = datastore.create("vm", BackupReference.at("first"));
            disks.nameSecondCopy("second");
            MemoryBackup.BeforeRead damaged = (position, _) -> {
                if (position < 4096) {
                    throw new FormatException("cluster 0 is damaged");
                }
            };
            first.beforeRead = damaged;
            second.beforeRead = damaged;

            var job = Finalization.of(disks, FinalizationOptions.DEFAULT, _ -> {
            });
            job.start();

            var end = job.await();
            assertThat(end.state()).isEqualTo(FinalizationState.FAILED);
            assertThat(end.failure().orElseThrow()).contains("cluster 0 is damaged");
            assertThat(end.totalBytes() - end.doneBytes()).isLessThanOrEqualTo(64 << 10);
        }
    }

    @Test
    void takesOverWhenTheFirstDoesNotAnswer() throws Exception {
        var answer = new CountDownLatch(1);
        try (var datastore = datastore()) {
            var disks = datastore.create("vm", BackupReference.at("first"));
            disks.nameSecondCopy("second");
            first.beforeRead = (_, _) -> {
                try {
                    answer.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            };

            finalizeAndCheck(disks);
            assertThat(answer.getCount()).isEqualTo(1);
        } finally {
            answer.countDown();
        }
    }

    @Test
    void staysWithTheCopyThatWorksAndGoesBackWhenThatFails() throws Exception {
        try (var datastore = datastore()) {
            var disks = datastore.create("vm", BackupReference.at("first"));
            disks.nameSecondCopy("second");
            takeAway("first");
            assertThat(read(disks)).isEqualTo(first.content);

            bringBack("first", first);
            assertThat(read(disks)).isEqualTo(first.content);
            assertThat(disks.secondCopy().orElseThrow().inUse()).isTrue();

            takeAway("second");
            assertThat(read(disks)).isEqualTo(first.content);
            assertThat(disks.secondCopy().orElseThrow().inUse()).isFalse();
        }
    }

    @Test
    void isRememberedAcrossARestart() throws Exception {
        try (var datastore = datastore()) {
            datastore.create("vm", BackupReference.at("first")).nameSecondCopy("second");
        }
        takeAway("first");

        try (var datastore = datastore()) {
            var disks = datastore.instantDisks("vm").orElseThrow();

            assertThat(read(disks)).isEqualTo(first.content);
            assertThat(disks.secondCopy().orElseThrow())
                    .isEqualTo(new InstantDisks.SecondCopyState("second", true, Optional.empty()));
            datastore.discard("vm");
        }
        assertThat(second.holders).isEmpty();
    }

    @Test
    void anotherRestorePointIsRefusedWithTheReason() throws Exception {
        byte[] other = first.content.clone();
        for (int at = 0; at < SIZE; at += 40_960) {
            other[at] ^= 1;
        }
        there.put("other content", new MemoryBackup(other, true));
        there.put("other size", new MemoryBackup(Arrays.copyOf(first.content, SIZE - 4096), true));
        try (var datastore = datastore()) {
            var disks = datastore.create("vm", BackupReference.at("first"));

            assertThatThrownBy(() -> disks.nameSecondCopy("other content"))
                    .isInstanceOf(OtherBackupException.class)
                    .hasMessageContaining("backup other content: must be a copy of the restore point")
                    .hasMessageContaining("disk-0 has other content in the 4096 bytes at");
            assertThatThrownBy(() -> disks.nameSecondCopy("other size"))
                    .isInstanceOf(OtherBackupException.class)
                    .hasMessageContaining("its disk disk-0 has %d bytes".formatted(SIZE - 4096));
            assertThatIOException().isThrownBy(() -> disks.nameSecondCopy("nowhere"))
                    .withMessageContaining("backup nowhere: is away");
            assertThat(disks.secondCopy()).isEmpty();
        }
    }

    @Test
    void aCopyThatBecameAnotherRestorePointDoesNotTakeOver() throws Exception {
        try (var datastore = datastore()) {
            var disks = datastore.create("vm", BackupReference.at("first"));
            disks.nameSecondCopy("second");
            for (int at = 0; at < SIZE; at += 8192) {
                second.content[at] ^= 1;
            }
            second.identity = "changed";
            takeAway("first");

            var reading = Thread.ofVirtual().start(() -> {
                try {
                    assertThat(read(disks)).isEqualTo(first.content);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            while (disks.secondCopy().orElseThrow().trouble().isEmpty()) {
                Thread.onSpinWait();
            }

            assertThat(disks.secondCopy().orElseThrow().trouble().orElseThrow()).contains("other content");
            assertThat(disks.secondCopy().orElseThrow().inUse()).isFalse();
            bringBack("first", first);
            reading.join();
            assertThat(read(disks)).isEqualTo(first.content);
        }
    }

    @Test
    void aDamagedNoteIsNamed() throws Exception {
        try (var datastore = datastore()) {
            datastore.create("vm", BackupReference.at("first")).nameSecondCopy("second");
        }
        try (var files = Files.walk(directory.resolve(Datastore.HIDDEN_FOLDER))) {
            var note = files.filter(file -> file.endsWith("second-copy.properties")).findFirst()
                    .orElseThrow();
            Files.writeString(note, "version=1\nlocation=second\n");
        }

        try (var datastore = datastore()) {
            assertThat(datastore.refused()).singleElement()
                    .satisfies(vm -> assertThat(vm.reason())
                            .contains("second-copy.properties: disks must be there"));
        }
    }
}
