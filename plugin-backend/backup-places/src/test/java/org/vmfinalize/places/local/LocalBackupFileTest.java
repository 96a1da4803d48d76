package org.vmfinalize.places.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmfinalize.backup.Backup;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.Extent;
import org.vmfinalize.backup.FormatException;

class LocalBackupFileTest {

    @TempDir
    Path temporary;

    private Path folder;
    private Path top;

    @BeforeEach
    void makeFiles() throws IOException {
        folder = Files.createDirectory(temporary.toRealPath().resolve("backups"));
        top = Files.write(folder.resolve("top.img"), new byte[1000]);
        Files.writeString(temporary.resolve("secret"), "outside");
    }

    private static LocalBackupFile open(Path location) throws IOException {
        return LocalBackupFile.open(location, List.of(), List.of());
    }

    @Test
    void opensWhatLiesInAnAllowedFolderAndNothingElse() throws IOException {
        Path bases = Files.createDirectories(temporary.toRealPath().resolve("bases"));
        Path base = Files.writeString(bases.resolve("base.img"), "base");
        Path own = Files.createDirectory(bases.resolve("server"));
        Files.writeString(own.resolve("jobs"), "the server's own");
        Files.createSymbolicLink(bases.resolve("linkout"), Path.of("../secret"));
        Files.createDirectory(temporary.resolve("bases2"));
        Files.writeString(temporary.resolve("bases2/base.img"), "another");

        try (var file = LocalBackupFile.open(top, List.of(bases), List.of(own))) {
            for (var reference : List.of("../bases/base.img", base.toString())) {
                try (var sibling = file.sibling(reference)) {
                    assertThat(sibling.location()).isEqualTo(base.toString());
                }
            }
            for (var reference : List.of("../secret", "../bases/../secret", "../bases/linkout",
                    "../bases2/base.img", own + "/jobs", "../bases/server/gone", base.toUri().toString())) {
                assertThatExceptionOfType(FormatException.class).as(reference)
                        .isThrownBy(() -> file.sibling(reference))
                        .withMessageContaining("everything that a backup needs must be");
            }
        }
        try (var file = open(top)) {
            assertThatExceptionOfType(FormatException.class)
                    .isThrownBy(() -> file.sibling("../bases/base.img"))
                    .withMessageContaining("lies outside");
        }
    }

    @Test
    void opensASiblingByNameByPathAndThroughAFolderInside() throws IOException {
        Files.createDirectory(folder.resolve("full"));
        Path base = Files.writeString(folder.resolve("full/base.img"), "base");
        Files.createSymbolicLink(folder.resolve("link"), Path.of("full/base.img"));

        try (var file = open(top)) {
            for (var reference : new String[]{"full/base.img", "./full/../full/base.img", base.toString(),
                    "link"}) {
                try (var sibling = file.sibling(reference)) {
                    assertThat(sibling.location()).isEqualTo(base.toString());
                }
            }
            try (var sibling = file.sibling("full/base.img"); var back = sibling.sibling("../top.img")) {
                assertThat(back.location()).as("relative to the file that refers").isEqualTo(top.toString());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"../secret", "/etc/passwd", "full/../../secret", "/etc/there-is-no-such-file",
            "../gone",
            "linkout", "folderout/secret", "/dev/zero", "/proc/self/environ"})
    void refusesAReferenceThatLeadsOutOfTheFolder(String reference) throws IOException {
        Files.createDirectory(folder.resolve("full"));
        Files.createSymbolicLink(folder.resolve("linkout"), Path.of("../secret"));
        Files.createSymbolicLink(folder.resolve("folderout"), Path.of(".."));

        try (var file = open(top)) {
            assertThatExceptionOfType(FormatException.class).isThrownBy(() -> file.sibling(reference))
                    .withMessage(
                            "%s: the image refers to '%s', which lies outside; everything that a backup needs must be a file in"
                                    + " the folder %s or in one of the place's allowed-references",
                            top, reference, folder);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"json:{\"driver\":\"file\"}", "nbd://host/export", "file:///etc/passwd",
            "https://host/x",
            "fat:rw:folder"})
    void refusesAReferenceThatIsNoPath(String reference) throws IOException {
        try (var file = open(top)) {
            assertThatExceptionOfType(FormatException.class).isThrownBy(() -> file.sibling(reference))
                    .withMessageContaining("is not a plain file");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "loop", "sub", "pipe/x", "top.img/x", "a\0b", "missing\nfile",
            "missing"})
    void refusesAReferenceToNothingThatCouldBeRead(String reference) throws IOException {
        Files.createSymbolicLink(folder.resolve("loop"), Path.of("loop"));
        Files.createDirectory(folder.resolve("sub"));

        try (var file = open(top)) {
            assertThatExceptionOfType(FormatException.class).isThrownBy(() -> file.sibling(reference))
                    .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n", "\0"));
        }
    }

    @Test
    void aLongReferenceIsShortenedInTheMessage() throws IOException {
        try (var file = open(top)) {
            assertThatExceptionOfType(FormatException.class).isThrownBy(() -> file.sibling("x".repeat(1000)))
                    .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(700));
        }
    }

    @Test
    void tellsHolesFromData() throws IOException {
        Path sparse = folder.resolve("sparse");
        try (var file = new RandomAccessFile(sparse.toFile(), "rw")) {
            file.setLength(3 << 20);
            file.seek(1 << 20);
            file.write(new byte[1 << 20]);
        }

        try (var file = open(sparse)) {
            assertThat(file.extents(new ByteRange(1000, 3 << 20))).toIterable().containsExactly(
                    extent(1000, 1 << 20, Extent.Kind.ZERO), extent(1 << 20, 2 << 20, Extent.Kind.DATA),
                    extent(2 << 20, 3 << 20, Extent.Kind.ZERO));
            assertThat(file.extents(new ByteRange(5, 5))).isExhausted();
        }
    }

    @Test
    void whatWasCutOffIsNotTakenForZeros() throws IOException {
        Path image = Files.write(folder.resolve("cut"), new byte[2 << 20]);
        try (var file = open(image); var cut = new RandomAccessFile(image.toFile(), "rw")) {
            cut.setLength(1 << 20);

            assertThat(file.extents(new ByteRange(0, 2 << 20))).toIterable()
                    .noneMatch(extent -> extent.kind() == Extent.Kind.ZERO);
        }
    }

    private static Extent extent(long start, long end, Extent.Kind kind) {
        return new Extent(new ByteRange(start, end), kind);
    }

    @Test
    void readsMoreThanOnePartIntoTheMiddleOfABuffer() throws IOException {
        byte[] noise = new byte[3_000_000];
        new Random(5).nextBytes(noise);
        Files.write(folder.resolve("noise"), noise);
        var target = ByteBuffer.allocate(2_500_100).position(50).limit(2_500_050);

        try (var file = open(folder.resolve("noise"))) {
            file.read(target, 7);
        }

        assertThat(target.hasRemaining()).isFalse();
        assertThat(target.limit()).isEqualTo(2_500_050);
        assertThat(target.slice(50, 2_500_000)).isEqualTo(ByteBuffer.wrap(noise, 7, 2_500_000));
    }

    @Test
    void aFileThatBecameShorterEndsTheRead() throws IOException {
        try (var file = open(top); var writer = new RandomAccessFile(top.toFile(), "rw")) {
            writer.setLength(10);

            assertThatExceptionOfType(EOFException.class)
                    .isThrownBy(() -> file.read(ByteBuffer.allocate(20), 0))
                    .withMessageContaining(
                            "must have the 1000 bytes that it had when it was opened but ends at 10");
        }
    }

    @Test
    void anInterruptedReaderDoesNotTakeTheFileFromTheOthers() throws Exception {
        try (var file = open(top)) {
            Callable<Void> interrupted = () -> {
                Thread.currentThread().interrupt();
                file.read(ByteBuffer.allocate(10), 0);
                return null;
            };
            var task = new FutureTask<>(interrupted);
            var thread = Thread.ofPlatform().start(task);
            thread.join();
            assertThatExceptionOfType(ExecutionException.class).isThrownBy(task::get)
                    .withCauseInstanceOf(ClosedByInterruptException.class);

            var target = ByteBuffer.allocate(1000);
            file.read(target, 0);

            assertThat(target.hasRemaining()).isFalse();
        }
    }

    @Test
    void aClosedFileStaysClosed() throws IOException {
        var file = open(top);
        file.close();

        assertThatExceptionOfType(ClosedChannelException.class)
                .isThrownBy(() -> file.read(ByteBuffer.allocate(1), 0));
        file.close();
    }

    @Test
    void theIdentityChangesWithTheFile() throws IOException {
        String before = identity();
        assertThat(identity()).isEqualTo(before);

        Path other = Files.copy(top, folder.resolve("other"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.move(other, top, StandardCopyOption.REPLACE_EXISTING);

        assertThat(identity()).as("another file with the same size and time").isNotEqualTo(before);
    }

    private String identity() throws IOException {
        try (var file = open(top)) {
            return file.identity();
        }
    }

    @Test
    void aLeaseSaysWhoHoldsTheFileUntilItIsReleased() throws IOException {
        var holder = new Backup.Holder("vm-7", "VM \"web\" runs\nfrom it",
                Instant.parse("2026-01-02T03:04:05Z"));
        Path marker = folder.resolve("top.img.lease-vm-7");
        try (var file = open(top)) {
            file.hold(holder);
            file.hold(holder);

            assertThat(marker).content().contains("\"holder\":\"vm-7\"",
                    "\"reason\":\"VM \\\"web\\\" runs\\nfrom it\"",
                    "\"since\":\"2026-01-02T03:04:05Z\"", "\"renewed\":\"");
            assertThat(names()).containsExactlyInAnyOrder("top.img", "top.img.lease-vm-7");

            file.release("vm-7");
            file.release("vm-7");
            assertThat(names()).containsExactly("top.img");
        }
    }

    @Test
    void aLeaseDoesNotFollowALinkThatSomebodyLeft() throws IOException {
        Files.createSymbolicLink(folder.resolve("top.img.lease-vm-7"), temporary.resolve("secret"));
        Files.createSymbolicLink(folder.resolve("top.img.lease-vm-7.new"), temporary.resolve("secret"));

        try (var file = open(top)) {
            file.hold(new Backup.Holder("vm-7", "a VM runs from it", Instant.EPOCH));
        }

        assertThat(temporary.resolve("secret")).content().isEqualTo("outside");
        assertThat(folder.resolve("top.img.lease-vm-7")).isRegularFile().content().contains("vm-7");
    }

    @Test
    void aLeaseThatCannotBeLeftIsReported() throws IOException {
        Files.createDirectories(folder.resolve("top.img.lease-vm-7/not empty"));

        try (var file = open(top)) {
            assertThatIOException()
                    .isThrownBy(
                            () -> file.hold(new Backup.Holder("vm-7", "a VM runs from it", Instant.EPOCH)))
                    .withMessageContaining("cannot be marked as in use");
        }
        assertThat(names()).containsExactlyInAnyOrder("top.img", "top.img.lease-vm-7");
    }

    private List<String> names() throws IOException {
        var names = new ArrayList<String>();
        try (var files = Files.newDirectoryStream(folder)) {
            files.forEach(file -> names.add(file.getFileName().toString()));
        }
        return names;
    }
}
