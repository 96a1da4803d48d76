package org.vmfinalize.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the system has in memory is told by `fincore`.
class StoreAndForgetTest {

    private static final int LENGTH = 8 << 20;
    private static final int HALF = LENGTH / 2;

    @TempDir
    private Path folder;

    @Test
    void aRangeLeavesMemoryAndReadsTheSame() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/fincore")),
                "needs fincore; install the Debian package util-linux-extra");
        assumeFalse(Files.getFileStore(folder).type().equals("tmpfs"),
                "a file system in memory forgets nothing");
        var file = folder.resolve("flat");
        byte[] data = new byte[LENGTH];
        new Random(7).nextBytes(data);
        try (var channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ,
                StandardOpenOption.WRITE); var flat = new LocalFile(file, channel, SparseFile.open(file))) {
            flat.write(ByteBuffer.wrap(data), 0);
            assertThat(bytesInMemory(file)).isEqualTo(LENGTH);

            flat.storeAndForget(0, HALF);

            assertThat(bytesInMemory(file)).isLessThan(LENGTH - HALF / 2);
            var read = ByteBuffer.allocate(LENGTH);
            flat.read(read, 0);
            assertThat(read.array()).isEqualTo(data);
        }
    }

    private static long bytesInMemory(Path file) throws Exception {
        var fincore = new ProcessBuilder("fincore", "--bytes", "--noheadings", "--output", "RES",
                file.toString())
                .redirectErrorStream(true).start();
        var said = new String(fincore.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(fincore.waitFor()).as(said).isZero();
        return Long.parseLong(said);
    }
}
