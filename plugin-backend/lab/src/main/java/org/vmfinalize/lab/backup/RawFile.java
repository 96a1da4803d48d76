package org.vmfinalize.lab.backup;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/// A disk's content in a file, byte by byte: a raw image, or what `qemu-img` read out of another one.
public final class RawFile implements ReferenceDisk {

    private final FileChannel channel;
    private final long size;
    private final String source;

    private RawFile(Path file, String source) throws IOException {
        this.channel = FileChannel.open(file);
        this.size = channel.size();
        this.source = source;
    }

    /// The user's raw image itself.
    public static RawFile of(Path image) throws IOException {
        return new RawFile(image, "the raw image itself");
    }

    /// Whether [#readByQemu] can be used.
    public static boolean isQemuInstalled() {
        return qemuImg().isPresent();
    }

    /// Lets QEMU, which shares no code with the product, read an image into a raw file.
    ///
    /// @param format as QEMU names it
    /// @param target is made; the caller deletes it
    /// @throws IOException if QEMU is not installed or cannot read the image
    public static RawFile readByQemu(Path image, String format, Path target) throws IOException {
        var program = qemuImg()
                .orElseThrow(() -> new IOException("qemu-img: must be on the PATH but is not"));
        var process = new ProcessBuilder(program.toString(), "convert", "-f", format, "-O", "raw",
                image.toString(),
                target.toString()).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        try {
            if (process.waitFor() != 0) {
                throw new IOException(
                        "qemu-img: must read %s but said: %s".formatted(image, output.replace('\n', ' ')));
            }
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while qemu-img was reading " + image, e);
        }
        return new RawFile(target, "qemu-img");
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void read(ByteBuffer target, long position) throws IOException {
        for (long at = position; target.hasRemaining();) {
            int length = channel.read(target, at);
            if (length < 0) {
                throw new EOFException("%s: ends at %d but was read at %d".formatted(source, size, at));
            }
            at += length;
        }
    }

    @Override
    public String source() {
        return source;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static Optional<Path> qemuImg() {
        var folders = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Arrays.stream(folders.split(":")).filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, "qemu-img")).filter(Files::isExecutable).findFirst();
    }
}
