package org.vmfinalize.formats.virtnbdbackup;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/// A full stream of 4 MB that is compressed as virtnbdbackup does it, by the program `lz4`: one data frame of a piece, zeros,
/// one of three pieces, and one of a piece with what cannot be compressed.
final class CompressedStream {

    static final int SIZE = 4_000_000;

    private static final int REQUEST = 1 << 20;

    private final ByteArrayOutputStream stream = new ByteArrayOutputStream();
    private final List<String> sizes = new ArrayList<>();
    private final Path folder;
    private final byte[] content = content();

    private CompressedStream(Path folder) {
        this.folder = folder;
    }

    static byte[] content() {
        byte[] disk = new byte[SIZE];
        byte[] text = "a line of text that is easily compressed, number 0\n".getBytes(US_ASCII);
        for (int i = 0; i < SIZE; i++) {
            disk[i] = (byte) (text[i % text.length] + i / 70_000 % 7);
        }
        Arrays.fill(disk, 300_000, 1_000_000, (byte) 0);
        byte[] noise = new byte[400_000];
        new Random(5).nextBytes(noise);
        System.arraycopy(noise, 0, disk, 1_200_000, 200_000);
        System.arraycopy(noise, 0, disk, SIZE - noise.length, noise.length);
        return disk;
    }

    /// @param folder for the program's files
    static byte[] write(Path folder) throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/lz4")), "install Debian package lz4");
        return new CompressedStream(folder).write();
    }

    private byte[] write() throws IOException {
        String meta = StreamWriter.full().meta()
                .replace("\"virtualSize\": 100000", "\"virtualSize\": " + SIZE)
                .replace("\"dataSize\": 40000", "\"dataSize\": " + (SIZE - 700_000))
                .replace("\"compressed\": false", "\"compressed\": 2");
        frame("meta", 0, meta.length());
        text(meta + "\r\n");
        sizes.add(String.valueOf(data(0, 300_000).getFirst()));
        frame("zero", 300_000, 700_000);
        var three = data(1_000_000, 2_500_000);
        sizes.add("{\"%d\": %s}".formatted(three.stream().mapToInt(Integer::intValue).sum(), three));
        sizes.add(String.valueOf(data(3_500_000, 500_000).getFirst()));
        frame("stop", 0, 0);
        String list = sizes.stream().collect(Collectors.joining(", ", "[", "]"));
        text(list + "\r\n");
        frame("comp", 0, list.length());
        return stream.toByteArray();
    }

    private List<Integer> data(int start, int length) throws IOException {
        frame("data", start, length);
        var written = new ArrayList<Integer>();
        for (int at = start; at < start + length; at += REQUEST) {
            byte[] packed = packed(
                    Arrays.copyOfRange(content, at, Math.min(at + REQUEST, start + length)));
            stream.writeBytes(packed);
            written.add(packed.length);
        }
        text("\r\n");
        return written;
    }

    /// With blocks of 64 KiB that depend on one another, and all checksums, as virtnbdbackup has it.
    private byte[] packed(byte[] plain) throws IOException {
        Path from = Files.write(folder.resolve("piece"), plain);
        Path to = folder.resolve("piece.lz4");
        var process = new ProcessBuilder("lz4", "-q", "-f", "-2", "-B4", "-BD", "-BX", "--content-size",
                from.toString(), to.toString()).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), US_ASCII);
        assertThat(process.onExit().join().exitValue()).as(said).isZero();
        byte[] packed = Files.readAllBytes(to);
        Files.delete(from);
        Files.delete(to);
        return packed;
    }

    private void frame(String kind, long start, long length) {
        text("%s %016x %016x\r\n".formatted(kind, start, length));
    }

    private void text(String text) {
        stream.writeBytes(text.getBytes(US_ASCII));
    }
}
