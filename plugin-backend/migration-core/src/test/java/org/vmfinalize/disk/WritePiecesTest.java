package org.vmfinalize.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WritePiecesTest {

    private static final int LENGTH = 2 << 20;

    @TempDir
    private Path folder;

    @Test
    void piecesEndAtMultiplesOfTheirSize() {
        var ends = new ArrayList<Long>();
        long at = WritePieces.BYTES - 512;
        for (int left = 2 * WritePieces.BYTES; left > 0;) {
            int piece = WritePieces.first(at, left);
            at += piece;
            left -= piece;
            ends.add(at);
        }

        assertThat(ends).containsExactly(131_072L, 262_144L, 392_704L);
    }

    @Test
    void aFileHasWhatWasWritten() throws Exception {
        var random = new Random(11);
        byte[] model = new byte[LENGTH];
        var file = folder.resolve("flat");
        Files.write(file, model);
        try (var flat = open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            for (int i = 0; i < 200; i++) {
                int position = random.nextInt(LENGTH);
                byte[] data = new byte[random.nextInt(LENGTH - position) + 1];
                random.nextBytes(data);
                var source = (i % 2 == 0
                        ? ByteBuffer.allocate(data.length + 8)
                        : ByteBuffer.allocateDirect(
                                data.length + 8))
                        .position(3).put(data).flip().position(3);
                System.arraycopy(data, 0, model, position, data.length);

                flat.write(source, position);

                assertThat(source.position()).isEqualTo(source.limit()).isEqualTo(data.length + 3);
                assertThat(Files.readAllBytes(file)).isEqualTo(model);
            }
        }
    }

    @Test
    void whatCouldNotBeWrittenIsLeftInTheBuffer() throws Exception {
        try (var full = open(Path.of("/dev/full"), StandardOpenOption.WRITE)) {
            var source = ByteBuffer.allocate(LENGTH);

            assertThatThrownBy(() -> full.write(source, 0)).isInstanceOf(IOException.class);

            assertThat(source.remaining()).isEqualTo(LENGTH);
        }
    }

    private static LocalFile open(Path file, StandardOpenOption... options) throws IOException {
        return new LocalFile(file, FileChannel.open(file, options), null);
    }
}
