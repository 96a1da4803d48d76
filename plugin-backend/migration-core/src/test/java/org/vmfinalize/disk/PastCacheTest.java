package org.vmfinalize.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Writes past the page cache beside others that go through it: neither may lose or hide what the other wrote.
@Timeout(120)
class PastCacheTest {

    private static final int PAGE = 4096;
    private static final int SLOT = 32 * PAGE;
    private static final int SLOTS = 64;
    private static final int ROUNDS = 600;

    @TempDir
    Path directory;

    private Path path;
    private VolumeFile file;

    @BeforeEach
    void aFileInLargePiecesOfThePageCache() throws IOException {
        path = directory.resolve("disk-flat.vmdk");
        file = Volume.local().create(path);
        for (int i = 0; i < SLOTS * SLOT; i += 1 << 20) {
            file.write(ByteBuffer.allocateDirect(1 << 20), i);
        }
    }

    /// Even slots are written past the cache, odd ones through it, so that both share pieces of the cache.
    @Test
    void whatEachWroteIsThereForAll() throws Exception {
        byte[] expected = new byte[SLOTS * SLOT];
        try (var executor = Executors.newFixedThreadPool(4)) {
            var writers = executor.invokeAll(List.of(
                    writer(expected, 0, 4, true), writer(expected, 2, 4, true),
                    writer(expected, 1, 4, false), writer(expected, 3, 4, false)));
            for (var writer : writers) {
                writer.get();
            }
        }
        file.force();
        assertThat(Files.readAllBytes(path)).isEqualTo(expected);
        file.dropCached();
        assertThat(Files.readAllBytes(path)).isEqualTo(expected);
        file.close();
    }

    /// Writes slots `first`, `first + step`, …, and reads back after each write what it has written, and a neighbour, so
    /// that the cache is filled again while the others write.
    private Callable<Void> writer(byte[] expected, int first, int step, boolean pastCache) {
        return () -> {
            var random = new Random(first);
            var buffer = ByteBuffer.allocateDirect(SLOT + PAGE).alignedSlice(PAGE);
            var readBack = ByteBuffer.allocateDirect(SLOT);
            for (int i = 0; i < ROUNDS; i++) {
                int slot = (first + step * random.nextInt(SLOTS / step)) * SLOT;
                int length = pastCache ? SLOT : PAGE * (1 + random.nextInt(4));
                int at = slot + PAGE * random.nextInt((SLOT - length) / PAGE + 1);
                byte[] bytes = new byte[length];
                random.nextBytes(bytes);
                buffer.clear().put(bytes).flip();
                if (pastCache) {
                    file.writePastCache(buffer, at);
                } else {
                    file.write(buffer, at);
                }
                System.arraycopy(bytes, 0, expected, at, length);
                file.read(readBack.clear(), slot);
                assertThat(readBack.flip().mismatch(ByteBuffer.wrap(expected, slot, SLOT)))
                        .as("first wrong byte of slot %d in round %d", slot / SLOT, i).isEqualTo(-1);
                file.read(readBack.clear(), (slot + SLOT) % (SLOTS * SLOT));
            }
            return null;
        };
    }

    @Test
    void whatIsNotAlignedIsWrittenAsWell() throws IOException {
        byte[] bytes = new byte[3 * PAGE + 512];
        new Random(7).nextBytes(bytes);
        file.writePastCache(ByteBuffer.wrap(bytes), 512);
        var read = ByteBuffer.allocate(bytes.length);
        file.read(read, 512);
        assertThat(read.array()).isEqualTo(bytes);
        file.close();
    }
}
