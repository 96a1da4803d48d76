package org.vmfinalize.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is told of places of a backup that cannot be read.
class BackupTroubleTest {

    private static final int SIZE = 1 << 20;

    @TempDir
    Path directory;

    private final MemoryBackup backup = new MemoryBackup(MemoryBackup.mixed(SIZE, 2), false);
    private volatile String failure = "";
    private LiveDisk disk;

    @BeforeEach
    void createDisk() throws IOException {
        Path state = Files.createDirectory(directory.resolve("state"));
        disk = LiveDisk.create(Volume.local(), state, directory.resolve("flat"), "web-01", UUID.randomUUID(),
                SIZE, backup.source(), LiveDiskSettings.DEFAULT);
        backup.beforeRead = (_, _) -> {
            if (!failure.isEmpty()) {
                throw new IOException(failure);
            }
        };
    }

    @AfterEach
    void close() throws IOException {
        disk.close();
    }

    private void read(long position) throws IOException {
        disk.missing().read(ByteBuffer.allocate(4096), position);
    }

    @Test
    void aPlaceIsToldWithDiskOffsetLocationAttemptsAndReasonUntilItIsRead() throws IOException {
        assertThat(disk.backupTrouble()).isEmpty();
        for (String reason : new String[]{"no route to host", "no route to host", "connection refused"}) {
            failure = reason;
            assertThatIOException().isThrownBy(() -> read(8192));
        }

        var trouble = disk.backupTrouble().orElseThrow();
        assertThat(trouble.disk()).isEqualTo("web-01");
        assertThat(trouble.location()).isEqualTo("memory");
        assertThat(trouble.position()).isEqualTo(8192);
        assertThat(trouble.attempts()).isEqualTo(3);
        assertThat(trouble.since()).isPositive();
        assertThat(trouble.text()).startsWith("disk web-01: backup memory: must be readable at byte 8192")
                .contains("in 3 attempts over", "connection refused", "bring it back");
        assertThat(disk.failedBackupReads()).isEqualTo(3);

        failure = "";
        read(8192);
        assertThat(disk.backupTrouble()).isEmpty();
        assertThat(disk.failedBackupReads()).isEqualTo(3);
    }

    @Test
    void thePlaceThatFailsForLongestIsTold() throws IOException {
        failure = "bad sector";
        for (long position : new long[]{40_960, 0, 81_920}) {
            assertThatIOException().isThrownBy(() -> read(position));
        }

        assertThat(disk.backupTrouble().orElseThrow().position()).isEqualTo(40_960);
    }
}
