package org.vmfinalize.finalization;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.datastore.BackupReference;
import org.vmfinalize.datastore.Datastore;
import org.vmfinalize.datastore.InstantDisks;
import org.vmfinalize.disk.MemoryBackup;

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
}
