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
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmfinalize.disk.LiveDisk;
import org.vmfinalize.disk.LiveDiskSettings;
import org.vmfinalize.disk.MemoryBackup;
import org.vmfinalize.disk.Volume;

/// Guests that write over each other, and the hydrator, on the same few blocks.
@Timeout(120)
class OverlappingWritersTest {

    private static final int BLOCK = 4096;
    private static final int BLOCKS = 48;
    private static final int GUESTS = 4;
    private static final int DISKS = 10;
    private static final int STEPS = 150;

    @TempDir
    Path directory;

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {21, 22, 23})
    void aReadFindsOneWholeWriteNotOlderThanTheLastAcknowledged(long seed) throws Exception {
        for (int i = 0; i < DISKS; i++) {
            race(directory.resolve("vm-" + i), seed * DISKS + i);
        }
    }

    private static void race(Path folder, long seed) throws Exception {
        Files.createDirectories(folder.resolve("state"));
        var backup = new MemoryBackup(new byte[BLOCKS * BLOCK], false);
        // Lets the others run between the look at the map and the store, in a pattern that is never the same.
        backup.beforeRead = (_, _) -> spinForAWhile();
        var clock = new AtomicLong();
        var blocks = IntStream.range(0, BLOCKS).mapToObj(_ -> new BlockHistory(clock)).toList();
        try (var disk = LiveDisk.create(Volume.local(), folder.resolve("state"),
                folder.resolve("d-flat.vmdk"),
                "disk", UUID.randomUUID(), (long) BLOCKS * BLOCK, backup.source(), LiveDiskSettings.DEFAULT);
                var executor = Executors.newFixedThreadPool(GUESTS)) {
            var done = new AtomicBoolean();
            List<Future<?>> guests = new ArrayList<>();
            for (int i = 0; i < GUESTS; i++) {
                guests.add(executor
                        .submit(new Guest(disk, blocks, clock, i + 1, new Random(seed * 10 + i), done)));
            }
            try {
                assertThat(new Hydrator(disk, new RateLimit(0), false, 2).run()).isTrue();
                disk.seal();
            } finally {
                done.set(true);
            }
            for (var guest : guests) {
                guest.get();
            }
            new Guest(disk, blocks, clock, GUESTS + 1, new Random(seed), done).check(0, BLOCKS);
        }
    }

    private static void spinForAWhile() {
        for (int i = ThreadLocalRandom.current().nextInt(3000); i > 0; i--) {
            Thread.onSpinWait();
        }
    }

    /// Writes and reads runs of blocks, and knows every write's stamp: the guest and its number.
    private record Guest(LiveDisk disk, List<BlockHistory> blocks, AtomicLong clock, int number,
            Random random,
            AtomicBoolean done) implements Callable<Void> {

        @Override
        public Void call() throws IOException {
            for (int i = 1; !done.get() || i <= STEPS; i++) {
                int first = random.nextInt(BLOCKS);
                int count = 1 + random.nextInt(Math.min(8, BLOCKS - first));
                // Once it has done its part it only reads, so that the histories stay short.
                if (i <= STEPS && random.nextInt(2) == 0) {
                    write(first, count, ((long) number << 48) + i);
                } else {
                    check(first, count);
                }
            }
            return null;
        }

        private void write(int first, int count, long stamp) throws IOException {
            var source = ByteBuffer.allocate(count * BLOCK);
            while (source.hasRemaining()) {
                source.putLong(stamp);
            }
            var written = blocks.subList(first, first + count);
            written.forEach(block -> block.begins(stamp));
            disk.write(source.flip(), (long) first * BLOCK);
            written.forEach(block -> block.isAcknowledged(stamp));
        }

        void check(int first, int count) throws IOException {
            long began = clock.incrementAndGet();
            var target = ByteBuffer.allocate(count * BLOCK);
            disk.read(target, (long) first * BLOCK);
            long ended = clock.incrementAndGet();
            for (int i = 0; i < count; i++) {
                blocks.get(first + i).check(target.slice(i * BLOCK, BLOCK), began, ended,
                        "block " + (first + i));
            }
        }
    }
}
