package org.vmfinalize.hydration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.disk.LiveDisk;
import org.vmfinalize.disk.LiveDiskSettings;
import org.vmfinalize.disk.MemoryBackup;
import org.vmfinalize.disk.Volume;

@Timeout(60)
class HotFirstTest {

    private static final int SIZE = 16 << 20;
    private static final int NEIGHBOURHOOD = 64 << 10;

    @TempDir
    Path directory;

    private final MemoryBackup backup = new MemoryBackup(MemoryBackup.mixed(SIZE, 8), false);
    private final List<Long> reads = new CopyOnWriteArrayList<>();
    private LiveDisk disk;

    @BeforeEach
    void create() throws IOException {
        Files.createDirectory(directory.resolve("state"));
        disk = LiveDisk.create(Volume.local(), directory.resolve("state"),
                directory.resolve("disk-flat.vmdk"),
                "disk", UUID.randomUUID(), SIZE, backup.source(), LiveDiskSettings.DEFAULT);
        backup.beforeRead = (position, _) -> reads.add(position);
    }

    @AfterEach
    void close() throws IOException {
        disk.close();
    }

    private byte[] read(int position, int length) throws IOException {
        var target = ByteBuffer.allocate(length);
        disk.read(target, position);
        return target.array();
    }

    private byte[] expected(int position, int length) {
        return java.util.Arrays.copyOfRange(backup.content, position, position + length);
    }

    @Test
    void aMissBringsInItsNeighbourhood() throws IOException {
        int position = 5 << 20;
        assertThat(read(position + 8192, 4096)).isEqualTo(expected(position + 8192, 4096));
        while (!disk.isLocal(position, NEIGHBOURHOOD)) {
            Thread.onSpinWait(); // it is stored after the guest has its answer
        }

        assertThat(read(position, NEIGHBOURHOOD)).isEqualTo(expected(position, NEIGHBOURHOOD));
        assertThat(reads).containsExactly((long) position);
        assertThat(disk.isLocal(position + NEIGHBOURHOOD, 1)).isFalse();
    }

    @Test
    void aDamagedNeighbourDoesNotHarmWhatTheGuestAskedFor() throws IOException {
        backup.beforeRead = (position, length) -> {
            if (position <= 4096 && position + length > 4096) {
                throw new FormatException("byte 4096 is damaged");
            }
        };

        assertThat(read(12_288, 4096)).isEqualTo(expected(12_288, 4096));
    }

    @Test
    void whatTheGuestWroteMeanwhileStays() throws IOException {
        byte[] written = new byte[4096];
        java.util.Arrays.fill(written, (byte) 99);
        backup.beforeRead = (position, _) -> {
            backup.beforeRead = (_, _) -> {
            };
            disk.write(ByteBuffer.wrap(written), position + 4096);
        };

        read(3 << 20, 4096);
        while (!disk.isLocal(3 << 20, NEIGHBOURHOOD)) {
            Thread.onSpinWait();
        }

        assertThat(read((3 << 20) + 4096, 4096)).isEqualTo(written);
    }

    @Test
    void hydrationGoesWhereTheGuestReads() throws IOException {
        int position = 9 << 20;
        read(position, 4096);
        while (!disk.isLocal(position, NEIGHBOURHOOD)) {
            Thread.onSpinWait();
        }
        reads.clear();

        assertThat(new Hydrator(disk, new RateLimit(0), false, 1).run()).isTrue();

        assertThat(reads.getFirst()).isEqualTo(position + NEIGHBOURHOOD);
        assertThat(read(0, SIZE)).isEqualTo(backup.content);
    }
}
