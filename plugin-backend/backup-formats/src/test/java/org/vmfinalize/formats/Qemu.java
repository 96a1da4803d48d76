package org.vmfinalize.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.vmfinalize.backup.BackupDisk;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.Extent;
import org.vmfinalize.backup.kit.Disks;

/// QEMU's tools: they make images, and say what a disk consists of.
public final class Qemu {

    private static final Pattern MAPPED = Pattern.compile(
            "\"start\": (\\d+), \"length\": (\\d+),.*?\"zero\": (true|false), \"data\": (true|false)");

    private final Path folder;

    /// Skips the test where the tools are missing.
    public Qemu(Path folder) {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/qemu-img")), "install Debian package qemu-utils");
        this.folder = folder;
    }

    public Path folder() {
        return folder;
    }

    /// Makes `source.raw`, at least 3 MiB of random bytes, text, zeros and holes, whose last bytes are random.
    public void makeSource(int size, long seed) throws IOException {
        var random = new Random(seed);
        try (var raw = new RandomAccessFile(folder.resolve("source.raw").toFile(), "rw")) {
            raw.setLength(size);
            byte[] noise = new byte[700_000];
            random.nextBytes(noise);
            raw.seek(1000);
            raw.write(noise);
            raw.seek(1 << 20);
            raw.write("a line of text that is easily compressed\n".repeat(20_000)
                    .getBytes(StandardCharsets.UTF_8));
            raw.seek(2 << 20);
            raw.write(new byte[300_000]);
            raw.write(noise, 0, 5000);
            raw.seek(size - 100);
            raw.write(noise, 0, 100);
        }
    }

    /// A part of a disk, and whether QEMU knows that it is zeros.
    public record Mapped(ByteRange range, boolean zero) {}

    /// What QEMU knows to be zeros we know, too.
    public static void assertAgreesWithMap(BackupDisk disk, List<Mapped> map) throws IOException {
        assertThat(map).isNotEmpty();
        for (var part : map) {
            if (part.zero()) {
                var inside = part.range().within(new ByteRange(0, disk.size()));
                assertThat(Disks.list(disk.extents(inside))).as("extents of %s", inside)
                        .extracting(Extent::kind)
                        .containsOnly(Extent.Kind.ZERO);
            }
        }
    }

    /// Runs `qemu-img` in the folder.
    public String img(String... arguments) throws IOException {
        return run("qemu-img", List.of(arguments));
    }

    /// Runs `qemu-io` on an image in the folder.
    public void io(String image, String... commands) throws IOException {
        io(image, List.of(), commands);
    }

    /// Runs `qemu-io` on an image of a format that is stated.
    public void ioOf(String format, String image, String... commands) throws IOException {
        io(image, List.of("-f", format), commands);
    }

    private void io(String image, List<String> options, String... commands) throws IOException {
        var arguments = new ArrayList<>(options);
        for (var command : commands) {
            arguments.add("-c");
            arguments.add(command);
        }
        arguments.add(image);
        run("qemu-io", arguments);
    }

    /// The disk's bytes as QEMU reads them.
    public byte[] bytesOf(String image, String format) throws IOException {
        img("convert", "-f", format, "-O", "raw", image, "oracle.raw");
        return Files.readAllBytes(folder.resolve("oracle.raw"));
    }

    public List<Mapped> map(String image, String format) throws IOException {
        var parts = new ArrayList<Mapped>();
        var matcher = MAPPED.matcher(img("map", "-f", format, "--output=json", image));
        while (matcher.find()) {
            parts.add(new Mapped(
                    ByteRange.of(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2))),
                    Boolean.parseBoolean(matcher.group(3))));
        }
        return parts;
    }

    private String run(String program, List<String> arguments) throws IOException {
        var command = new ArrayList<String>();
        command.add(program);
        command.addAll(arguments);
        var process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            assertThat(process.waitFor()).as("%s said: %s", command, output).isZero();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return output;
    }
}
