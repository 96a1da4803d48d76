package org.vmfinalize.hydration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmfinalize.disk.LiveDisk;
import org.vmfinalize.disk.LiveDiskSettings;
import org.vmfinalize.disk.MemoryBackup;
import org.vmfinalize.disk.Volume;

@Timeout(60)
class RaceTest {

    private static final int SIZE = (6 << 20) + 1536;
    private static final int GUESTS = 4;

    @TempDir
    Path directory;

    /// Each guest owns every fourth run of 512 bytes, so that guests and hydrator meet in the same blocks, and knows
    /// what it has to read there.
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {11, 12, 13})
    void guestsAndHydratorOnTheSameBlocksNeverLoseOrTearASector(long seed) throws Exception {
        byte[] expected = MemoryBackup.mixed(SIZE, seed);
        var backup = new MemoryBackup(expected.clone(), seed % 2 == 0);
        Files.createDirectory(directory.resolve("state"));
        var flat = directory.resolve("disk-flat.vmdk");
        try (var disk = LiveDisk.create(Volume.local(), directory.resolve("state"), flat, "disk",
                UUID.randomUUID(),
                SIZE, backup.source(), LiveDiskSettings.DEFAULT);
                var executor = Executors.newFixedThreadPool(GUESTS + 1)) {
            var done = new AtomicBoolean();
            List<Future<?>> guests = new ArrayList<>();
            for (int i = 0; i < GUESTS; i++) {
                guests.add(executor.submit(guest(disk, expected, i, seed, done)));
            }
            var hydrator = new Hydrator(disk, new RateLimit(40 << 20), false, 3);
            assertThat(hydrator.run()).isTrue();
            disk.seal();
            done.set(true);
            for (var guest : guests) {
                guest.get();
            }
        }
        assertThat(Files.readAllBytes(flat)).isEqualTo(expected);
    }

    private static Callable<Void> guest(LiveDisk disk, byte[] expected, int guest, long seed,
            AtomicBoolean done) {
        return () -> {
            var random = new Random(seed * 100 + guest);
            int sectors = SIZE / 512;
            for (int i = 0; !done.get() || i < 500; i++) {
                int sector = random.nextInt(sectors / GUESTS) * GUESTS + guest;
                if (random.nextInt(3) == 0) {
                    write(disk, expected, sector * 512, random);
                } else {
                    check(disk, expected, sector * 512);
                }
                if (i % 100 == 0) {
                    disk.flush();
                }
            }
            return null;
        };
    }

    private static void write(LiveDisk disk, byte[] expected, int position, Random random)
            throws IOException {
        byte[] bytes = new byte[512];
        random.nextBytes(bytes);
        disk.write(ByteBuffer.wrap(bytes), position);
        System.arraycopy(bytes, 0, expected, position, 512);
    }

    private static void check(LiveDisk disk, byte[] expected, int position) throws IOException {
        var target = ByteBuffer.allocate(512);
        disk.read(target, position);
        for (int i = 0; i < 512; i++) {
            assertThat(target.get(i)).as("byte %d", position + i).isEqualTo(expected[position + i]);
        }
    }
}
