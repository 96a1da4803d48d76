package org.vmfinalize.formats;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Objects;
import java.util.stream.Stream;

/// Inputs of fuzz tests that are tried by each build: what was found once, and what is worth to begin with.
public final class Corpus {

    private static final int PATCH_BYTES = 4;

    private Corpus() {}

    /// The inputs that are stored for a fuzz test, and `more`.
    ///
    /// They are lines of `corpus/TEST.txt`: hexadecimal, or text behind a `>`, in which `\n` is the end of a line; other lines
    /// are comments.
    public static Stream<byte[]> of(String test, byte[]... more) {
        var resource = Objects.requireNonNull(Corpus.class.getResourceAsStream("corpus/" + test + ".txt"),
                test);
        try (var lines = new BufferedReader(new InputStreamReader(resource, StandardCharsets.UTF_8))) {
            var stored = lines.lines().filter(line -> line.matches("[0-9a-f]*|>.*")).map(Corpus::input)
                    .toList();
            return Stream.concat(stored.stream(), Stream.of(more));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] input(String line) {
        return line.startsWith(">")
                ? line.substring(1).replace("\\n", "\n").getBytes(StandardCharsets.UTF_8)
                : HexFormat.of().parseHex(line);
    }

    /// Changes bytes of a sound image: each four bytes of the input are an offset of three bytes, taken modulo the image's
    /// size, and the byte that is put there.
    public static byte[] patched(byte[] image, byte[] input) {
        var bytes = image.clone();
        var patches = ByteBuffer.wrap(input);
        while (patches.remaining() >= PATCH_BYTES) {
            int patch = patches.getInt();
            bytes[(patch >>> 8) % bytes.length] = (byte) patch;
        }
        return bytes;
    }
}
