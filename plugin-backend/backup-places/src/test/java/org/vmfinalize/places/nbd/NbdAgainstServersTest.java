package org.vmfinalize.places.nbd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.Extent;
import org.vmfinalize.places.BackupNotFoundException;
import org.vmfinalize.places.Content;
import org.vmfinalize.places.Listing;
import org.vmfinalize.places.Programs;
import org.vmfinalize.trust.ServerTrust;

/// Reads what nbdkit and qemu-nbd serve, and compares it with the file and with what libnbd's `nbdinfo` says.
class NbdAgainstServersTest {

    private static final int SIZE = 8 << 20;
    private static final ServerTrust ANY = new ServerTrust(Optional.empty(), Optional.empty());

    @TempDir
    Path folder;

    private byte[] content;

    @BeforeEach
    void makeImage() throws IOException {
        content = Content.sparse(folder.resolve("disk.raw"), SIZE, 42);
    }

    private List<String> onSocket() {
        return List.of("-U", folder.resolve("socket").toString());
    }

    private URI uri(String export) {
        return URI.create("nbd+unix:///" + export + "?socket=" + folder.resolve("socket"));
    }

    private static BackupFile open(URI uri) throws IOException {
        return NbdServer.place(uri).open(uri.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"file", "--no-sr file", "--filter=noextents file",
            "--filter=blocksize-policy file blocksize-minimum=4096 blocksize-preferred=8192 blocksize-maximum=65536 blocksize-error-policy=error",
            "--filter=noparallel file", "--filter=multi-conn file multi-conn-mode=disable"})
    void readsWhatNbdkitServes(String plugin) throws IOException {
        var arguments = new ArrayList<>(List.of(plugin.split(" ")));
        arguments.add("disk.raw");

        try (var _ = NbdServer.nbdkit(folder, onSocket(), arguments.toArray(String[]::new));
                var file = open(uri(""))) {
            assertThat(file.size()).isEqualTo(SIZE);
            assertThat(Content.read(file, 777_777)).isEqualTo(content);
            // Without structured replies nothing is told, and nbdinfo fails.
            assertThat(zeros(file)).isEqualTo(plugin.startsWith("--no-sr")
                    ? List.of()
                    : zerosByNbdinfo(uri("")));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"raw", "qcow2"})
    void readsWhatQemuServesOverTheNetworkOnSeveralConnections(String format) throws IOException {
        Programs.require("qemu-img", "qemu-utils");
        Programs.run(folder, "qemu-img", "convert", "-f", "raw", "-O", format, "disk.raw", "disk.img");
        int port = NbdServer.freePort();
        var uri = URI.create("nbd://127.0.0.1:%d/vm-1/disk-0".formatted(port));

        try (var _ = NbdServer.qemu(folder, List.of("-b", "127.0.0.1", "-p", String.valueOf(port)), "-e", "9",
                "-x", "vm-1/disk-0", "-f", format, "disk.img");
                var file = open(uri)) {
            assertThat(Content.read(file, 1 << 20)).isEqualTo(content);
            assertThat(zeros(file)).isEqualTo(zerosByNbdinfo(uri));
            assertThat(file.name()).isEqualTo("disk-0");
            assertThat(file.location()).isEqualTo(uri.toString());
        }
    }

    @Test
    void aReadThatTheServerFailsIsRepeated() throws IOException {
        try (var _ = NbdServer.nbdkit(folder, onSocket(), "--filter=error", "file", "disk.raw",
                "error-pread=EIO", "error-pread-rate=30%");
                var file = open(uri(""))) {
            assertThat(Content.read(file, 200_000)).isEqualTo(content);
        }
    }

    @Test
    void aServerThatFailsForTooLongIsNamedInTheMessage() throws IOException {
        Files.writeString(folder.resolve("errors"), "");
        try (var _ = NbdServer.nbdkit(folder, onSocket(), "--filter=error", "file", "disk.raw",
                "error-pread=EIO", "error-pread-rate=100%",
                "error-pread-file=" + folder.resolve("trigger"))) {
            open(uri("")).close();
            try (var file = NbdServer.place(uri(""), ANY, Duration.ofSeconds(20), Duration.ofMillis(500))
                    .open(uri("").toString())) {
                Files.createFile(folder.resolve("trigger"));

                assertThatIOException().isThrownBy(() -> file.read(ByteBuffer.allocate(100), 0))
                        .withMessageStartingWith("place vault: %s: must be readable but was not", uri(""))
                        .withMessageEndingWith("the server cannot read it: input/output error");
            }
        }
    }

    @Test
    void aServerThatTakesTooLongIsGivenUp() throws IOException {
        try (var _ = NbdServer.nbdkit(folder, onSocket(), "--filter=delay", "memory", "1M", "rdelay=60")) {
            var hasty = NbdServer.place(uri(""), ANY, Duration.ofMillis(200), Duration.ofMillis(600));

            assertThatIOException().isThrownBy(() -> hasty.open(uri("").toString()))
                    .withMessageStartingWith("place vault: ")
                    .withMessageMatching(".*(within 200 ms|cannot be reached).*");
        }
    }

    @Test
    void goesOnWhenTheServerComesBack() throws Exception {
        try (var server = NbdServer.nbdkit(folder, onSocket(), "file", "disk.raw");
                var file = open(uri(""))) {
            file.read(ByteBuffer.allocate(4096), 0);
            server.stop();
            Files.delete(folder.resolve("socket"));
            var reading = new FutureTask<>(() -> Content.read(file, 1 << 20));
            Thread.ofVirtual().start(reading);

            server.startAgain();

            assertThat(reading.get()).isEqualTo(content);
        }
    }

    @Test
    void anotherExportInItsPlaceIsNotRead() throws IOException {
        try (var server = NbdServer.nbdkit(folder, onSocket(), "file", "disk.raw");
                var file = open(uri(""))) {
            server.stop();
            Files.delete(folder.resolve("socket"));
            try (var longer = new RandomAccessFile(folder.resolve("disk.raw").toFile(), "rw")) {
                longer.setLength(SIZE + 4096);
            }
            server.startAgain();

            assertThatIOException().isThrownBy(() -> file.read(ByteBuffer.allocate(100), 0))
                    .withMessageContaining(
                            "the backup has been changed: the export must have %d bytes, as at first, but has %d",
                            SIZE, SIZE + 4096);
        }
    }

    @Test
    void theIdentityIsThatOfSizeAndSamples() throws IOException {
        String before;
        try (var _ = NbdServer.nbdkit(folder, onSocket(), "file", "disk.raw");
                var file = open(uri(""));
                var again = open(uri(""))) {
            before = file.identity();
            assertThat(again.identity()).isEqualTo(before).hasSizeLessThanOrEqualTo(200);
        }
        Files.delete(folder.resolve("socket"));
        try (var raw = new RandomAccessFile(folder.resolve("disk.raw").toFile(), "rw")) {
            raw.seek(SIZE - 10);
            raw.write(7);
        }
        try (var _ = NbdServer.nbdkit(folder, onSocket(), "file", "disk.raw"); var file = open(uri(""))) {
            assertThat(file.identity()).isNotEqualTo(before);
        }
    }

    @Test
    void opensWhatAnImageRefersToInAnAllowedFolderOfExports() throws IOException {
        Programs.require("qemu-nbd", "qemu-utils");
        try (var _ = NbdServer.qemu(folder, List.of("-k", folder.resolve("socket").toString()), "-e", "9",
                "-f", "raw", "-x", "full/base", "disk.raw")) {
            var place = NbdServer.place(uri("full/base"), uri("full/"));
            var strict = NbdServer.place(uri("full/base"));
            var other = NbdServer.place(uri("vm/top"), uri("full/"));
            try (var allowing = place.open(uri("full/base").toString());
                    var base = allowing.sibling("base");
                    var refusing = strict.open(uri("full/base").toString())) {
                assertThat(base.location()).isEqualTo(uri("full/base").toString());
                assertThatIOException().isThrownBy(() -> allowing.sibling("../vm/x")).withMessageContaining(
                        "lies outside");
                assertThatIOException().isThrownBy(() -> refusing.sibling("other")).withMessageContaining(
                        "lies outside");
            }
            assertThat(other.covers(uri("full/base").toString())).isFalse();
            assertThat(other.covers(uri("vm/../full/base").toString())).isFalse();
        }
    }

    @Test
    void listsExportsAndOpensWhatAnImageRefersTo() throws IOException {
        Programs.require("qemu-img", "qemu-utils");
        var exports = Files.createDirectory(folder.resolve("exports"));
        Files.move(folder.resolve("disk.raw"), exports.resolve("base"));
        Files.writeString(exports.resolve("top"), "x".repeat(1024));

        try (var _ = NbdServer.nbdkit(folder, onSocket(), "file", "dir=" + exports)) {
            var place = NbdServer.place(uri(""));
            try (var top = place.open(uri("top").toString()); var base = top.sibling("base")) {
                assertThat(Content.read(base, 1 << 20)).isEqualTo(content);
                assertThatIOException().isThrownBy(() -> top.sibling("../base")).withMessageContaining(
                        "lies outside");
                assertThatIOException().isThrownBy(() -> top.sibling("nbd://host/x")).withMessageContaining(
                        "is not a plain file");
            }
            assertThat(place.list(10).files()).extracting(Listing.Item::name).containsExactly("base", "top");
            assertThat(place.list(1)).satisfies(listing -> assertThat(listing.complete()).isFalse());
            assertThatExceptionOfType(BackupNotFoundException.class)
                    .isThrownBy(() -> place.open(uri("missing").toString()))
                    .withMessageContaining("does not open the export 'missing'");
        }
    }

    private static List<ByteRange> zeros(BackupFile file) throws IOException {
        var zeros = new ArrayList<ByteRange>();
        long position = 0;
        for (var extents = file.extents(new ByteRange(0, file.size())); extents.hasNext();) {
            var extent = extents.next();
            assertThat(extent.range().start()).isEqualTo(position);
            position = extent.range().end();
            if (extent.kind() == Extent.Kind.ZERO) {
                merge(zeros, extent.range());
            }
        }
        assertThat(position).isEqualTo(file.size());
        return zeros;
    }

    private static void merge(List<ByteRange> ranges, ByteRange next) {
        if (!ranges.isEmpty() && ranges.getLast().end() == next.start()) {
            ranges.add(new ByteRange(ranges.removeLast().start(), next.end()));
        } else {
            ranges.add(next);
        }
    }

    private List<ByteRange> zerosByNbdinfo(URI uri) throws IOException {
        Programs.require("nbdinfo", "libnbd-bin");
        var zeros = new ArrayList<ByteRange>();
        var line = Pattern.compile("\\s*(\\d+)\\s+(\\d+)\\s+(\\d+).*");
        for (var text : Programs.run(folder, "nbdinfo", "--map", uri.toString()).lines().toList()) {
            var matcher = line.matcher(text);
            if (matcher.matches() && (Integer.parseInt(matcher.group(3)) & 2) != 0) {
                merge(zeros,
                        ByteRange.of(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2))));
            }
        }
        return zeros;
    }
}
