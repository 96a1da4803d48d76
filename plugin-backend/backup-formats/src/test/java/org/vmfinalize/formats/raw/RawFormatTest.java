package org.vmfinalize.formats.raw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmfinalize.backup.NotAnImageException;
import org.vmfinalize.backup.kit.Disks;
import org.vmfinalize.backup.kit.FolderFile;
import org.vmfinalize.formats.Qemu;
import org.vmfinalize.formats.qcow2.Qcow2Format;

class RawFormatTest {

    @TempDir
    Path folder;

    private FolderFile file(byte[] content) throws IOException {
        return new FolderFile(Files.write(folder.resolve("disk"), content));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 511, 512, 513, 1_000_001, 3 << 20})
    void readsTheFileAsItIs(int size) throws IOException {
        byte[] content = new byte[size];
        new Random(size).nextBytes(content);

        try (var backup = new RawFormat().open(file(content))) {
            var disk = backup.disks().getFirst();
            assertThat(disk.size()).isEqualTo(size);
            Disks.assertReads(disk, content, 3);
            Disks.assertExtentsAreTrue(disk, content);
            Disks.assertReadOrderIsComplete(disk);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> disk.read(ByteBuffer.allocate(2), size - 1));
        }
    }

    @Test
    void takesAnythingAsTheLastResort() throws IOException {
        byte[] noise = new byte[5000];
        new Random(1).nextBytes(noise);

        try (var noisy = file(noise)) {
            assertThat(new RawFormat().recognises(noisy)).isEqualTo(1);
        }
        try (var text = file("text that fills sectors\n".repeat(64).getBytes(StandardCharsets.UTF_8))) {
            assertThat(new RawFormat().recognises(text)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 511})
    void doesNotTakeLessThanASectorForADisk(int size) throws IOException {
        try (var file = file(new byte[size])) {
            assertThat(new RawFormat().recognises(file)).isZero();
        }
    }

    @Test
    void doesNotTakeATextForADisk() throws IOException {
        try (var file = file("Größe: keine Platte\n".repeat(100).getBytes(StandardCharsets.UTF_8))) {
            assertThat(new RawFormat().recognises(file)).isZero();
        }
    }

    @Test
    void refusesAnEmptyFileAndClosesIt() throws IOException {
        var file = file(new byte[0]);

        assertThatExceptionOfType(NotAnImageException.class).isThrownBy(() -> new RawFormat().open(file))
                .withMessage(
                        folder.resolve("disk") + ": a raw image must have at least one byte but is empty");
        assertThat(file.isOpen()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"vdi, a VDI image",
            "qcow, a qcow image of version 1",
            "qed, a QED image"})
    void refusesImagesOfOtherFormatsByTheirNames(String format, String name) throws IOException {
        new Qemu(folder).img("create", "-f", format, "disk", "1M");

        var file = new FolderFile(folder.resolve("disk"));
        assertThat(new ForeignImages().recognises(file)).isGreaterThan(new RawFormat().recognises(file));
        assertThat(new Qcow2Format().recognises(file)).isZero();
        assertThatExceptionOfType(NotAnImageException.class).isThrownBy(() -> new ForeignImages().open(file))
                .withMessageContaining("must be an image or a description of one but is " + name + ";");
        assertThat(file.isOpen()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"gzip -kf, source.gz, a gzip archive", "xz -kf, source.xz, an xz archive"})
    void refusesArchives(String command, String made, String name) throws Exception {
        Files.write(folder.resolve("source"), new byte[4096]);
        var arguments = (command + " source").split(" ", -1);
        assertThat(new ProcessBuilder(arguments).directory(folder.toFile()).start().waitFor()).isZero();

        var file = new FolderFile(folder.resolve(made));
        assertThatExceptionOfType(NotAnImageException.class).isThrownBy(() -> new ForeignImages().open(file))
                .withMessageEndingWith("is " + name + "; unpack it first");
    }

    @Test
    void aDiskWithABootSectorIsNotForeign() throws IOException {
        byte[] disk = new byte[4096];
        disk[0] = (byte) 0xeb;
        disk[510] = 0x55;
        disk[511] = (byte) 0xaa;

        try (var file = file(disk)) {
            assertThat(new ForeignImages().recognises(file)).isZero();
        }
    }
}
