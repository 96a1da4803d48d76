package org.vmfinalize.formats.virtnbdbackup;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.vmfinalize.backup.Backup;
import org.vmfinalize.backup.BackupDisk;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.Extent;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.backup.kit.Disks;
import org.vmfinalize.backup.kit.FolderFile;

/// Compressed streams, made by the program `lz4`.
class CompressedStreamTest {

    @TempDir
    Path folder;

    private byte[] stream;
    private byte[] content;

    @BeforeEach
    void make() throws IOException {
        stream = CompressedStream.write(folder);
        content = CompressedStream.content();
    }

    private Backup open(byte[] bytes) throws IOException {
        return new VirtnbdbackupFormat()
                .open(new FolderFile(Files.write(folder.resolve("vda.full.data"), bytes)));
    }

    @Test
    void readsWhatWasCompressedAndKnowsWhatIsZero() throws IOException {
        try (var backup = open(stream)) {
            var disk = backup.disks().getFirst();

            Disks.assertReads(disk, content, 3);
            Disks.assertReadOrderIsComplete(disk);
            assertThat(Disks.list(disk.extents(new ByteRange(0, CompressedStream.SIZE)))).containsExactly(
                    new Extent(new ByteRange(0, 300_000), Extent.Kind.DATA),
                    new Extent(new ByteRange(300_000, 1_000_000), Extent.Kind.ZERO),
                    new Extent(new ByteRange(1_000_000, CompressedStream.SIZE), Extent.Kind.DATA));
        }
    }

    @Test
    void manyReadAtOnce() throws Exception {
        try (var backup = open(stream); var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var disk = backup.disks().getFirst();
            var random = new Random(8);
            List<Callable<Boolean>> reads = IntStream.range(0, 200)
                    .mapToObj(_ -> random.nextInt(CompressedStream.SIZE - 9000))
                    .<Callable<Boolean>>map(at -> () -> Arrays.equals(read(disk, at, 9000),
                            Arrays.copyOfRange(content, at, at + 9000)))
                    .toList();
            for (var read : threads.invokeAll(reads)) {
                assertThat(read.get()).isTrue();
            }
        }
    }

    private static byte[] read(BackupDisk disk, int position, int count) throws IOException {
        byte[] bytes = new byte[count];
        disk.read(ByteBuffer.wrap(bytes), position);
        return bytes;
    }

    @Test
    void anIncrementLiesOverACompressedStream() throws IOException {
        Files.write(folder.resolve("vda.full.data"), stream);
        var increment = Files.write(folder.resolve("vda.inc.virtnbdbackup.1.data"),
                StreamWriter.incremental(1, 'c')
                        .end());
        StreamWriter.apply(content, 1, 'c');

        try (var backup = new VirtnbdbackupFormat().open(new FolderFile(increment))) {
            // The increment is of a disk that was smaller then.
            Disks.assertReads(backup.disks().getFirst(), Arrays.copyOf(content, StreamWriter.SIZE), 3);
        }
    }

    @Test
    void damageIsFoundByTheChecksumsAndTheRestIsRead() throws IOException {
        int noise = 0;
        byte[] wanted = Arrays.copyOfRange(content, 1_300_000, 1_300_016);
        while (!Arrays.equals(stream, noise, noise + 16, wanted, 0, 16)) {
            noise++;
        }
        stream[noise] ^= 1;

        try (var backup = open(stream)) {
            var disk = backup.disks().getFirst();
            for (int again = 0; again < 2; again++) {
                assertThatExceptionOfType(FormatException.class).isThrownBy(() -> read(disk, 1_300_000, 16))
                        .withMessageContaining("virtnbdbackup compressed piece at byte ")
                        .withMessageContaining("must be an LZ4 frame but is not");
            }
            assertThat(read(disk, 3_600_000, 1000)).isEqualTo(Arrays.copyOfRange(content, 3_600_000,
                    3_601_000));
        }
    }

    @ParameterizedTest
    @CsvSource({"1, makes 300000", "-1, makes more"})
    void aPieceThatMakesAnotherLengthIsDamaged(int more, String message) throws IOException {
        // The first data frame has 300,000 bytes, and zeros follow.
        var other = text().replace("data 0000000000000000 00000000000493e0",
                "data 0000000000000000 %016x".formatted(300_000 + more))
                .replace("\"dataSize\": 3300000", "\"dataSize\": " + (3_300_000 + more))
                .replace("zero 00000000000493e0 00000000000aae60", "zero 00000000000493e1 00000000000aae5f");

        try (var backup = open(other.getBytes(ISO_8859_1))) {
            assertThatExceptionOfType(FormatException.class)
                    .isThrownBy(() -> read(backup.disks().getFirst(), 262_144, 30_000))
                    .withMessageContaining("must make ").withMessageContaining(message);
        }
    }

    private String text() {
        return new String(stream, ISO_8859_1);
    }

    record Damage(String message, UnaryOperator<String> change) {
        @Override
        public String toString() {
            return message;
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("damages")
    void refuses(Damage damage) {
        String changed = damage.change().apply(text());
        assertThat(changed).isNotEqualTo(text());

        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> open(changed.getBytes(ISO_8859_1)).close())
                .withMessageContaining(damage.message());
    }

    private static int listOf(String text) {
        return text.lastIndexOf("\r\n[") + 2;
    }

    static List<Damage> damages() {
        return List.of(
                new Damage("a frame must begin with meta, data, zero or stop",
                        text -> text.substring(0, text.length() - 1)),
                new Damage("a frame 'comp' must end a compressed stream but does not; the stream is cut off",
                        text -> text.substring(0, listOf(text))),
                new Damage("list of compressed sizes: must have '[' where it has none",
                        text -> text.substring(0, listOf(text)) + "(" + text.substring(listOf(text) + 1)),
                new Damage("list of compressed sizes: must have a number where it has none",
                        text -> text.substring(0, listOf(text)) + "[x" + text.substring(listOf(text) + 2)),
                new Damage("bytes must be in pieces of 1..33554432 bytes but are in ",
                        text -> text.replace("data 00000000000f4240 00000000002625a0",
                                "data 00000000000f4240 00000000000fffff")),
                new Damage("but comes after 2",
                        text -> text.replaceFirst("(?s)data 00000000003567e0.*?stop", "stop")));
    }
}
