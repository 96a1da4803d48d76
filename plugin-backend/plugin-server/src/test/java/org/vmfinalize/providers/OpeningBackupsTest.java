package org.vmfinalize.providers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vmfinalize.backup.Backup;
import org.vmfinalize.backup.BackupDisk;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.Extent;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.backup.NotAnImageException;
import org.vmfinalize.datastore.BackupReference;
import org.vmfinalize.places.BackupNotFoundException;
import org.vmfinalize.places.OutsidePlacesException;
import org.vmfinalize.places.Places;
import org.vmfinalize.places.local.LocalPlace;

class OpeningBackupsTest {

    private static final Places EVERYWHERE = new Places(List.of(LocalPlace.everywhere()));

    private static final Pattern MAPPED = Pattern
            .compile("\"start\": (\\d+), \"length\": (\\d+),.*?\"zero\": (true|false)");

    private static BackupProviders providers;

    @TempDir
    Path folder;

    @BeforeAll
    static void start(@TempDir Path framework) throws IOException {
        providers = BackupProviders.start(framework, null, EVERYWHERE);
    }

    @AfterAll
    static void stop() {
        providers.close();
    }

    private Backup open(String name) throws IOException {
        return providers.open(BackupReference.at(folder.resolve(name).toString()));
    }

    @ParameterizedTest
    @CsvSource({"raw, false", "preallocation=metadata, false", "preallocation=falloc, false",
            "preallocation=off, false",
            "preallocation=metadata, true"})
    void readsAndMapsImagesAsQemuDoes(String options, boolean overlay) throws IOException {
        makeSource("source.raw");
        if (options.equals("raw")) {
            Files.move(folder.resolve("source.raw"), folder.resolve("top"));
        } else {
            run("qemu-img", "convert", "-f", "raw", "-O", "qcow2", "-o", options, "source.raw", "top");
        }
        String format = options.equals("raw") ? "raw" : "qcow2";
        if (overlay) {
            Files.move(folder.resolve("top"), folder.resolve("base"));
            run("qemu-img", "create", "-f", "qcow2", "-b", "base", "-F", format, "top", "20M");
        }
        run("qemu-img", "convert", "-f", format, "-O", "raw", "top", "oracle.raw");
        byte[] expected = Files.readAllBytes(folder.resolve("oracle.raw"));

        try (var backup = open("top")) {
            var disk = backup.disks().getFirst();

            assertThat(read(disk)).isEqualTo(expected);
            var unknown = zerosByQemu(format);
            unknown.andNot(zeros(disk));
            assertThat(unknown.cardinality()).as("zero sectors that only QEMU knows").isZero();
            assertThat(backup.format()).isEqualTo(format);
        }
    }

    /// The library for it is in C and comes out of the bundle.
    @Test
    void readsClustersCompressedByZstd() throws IOException {
        makeSource("source.raw");
        run("qemu-img", "convert", "-f", "raw", "-O", "qcow2", "-c", "-o", "compression_type=zstd",
                "source.raw", "top");

        try (var backup = open("top")) {
            assertThat(read(backup.disks().getFirst()))
                    .isEqualTo(Files.readAllBytes(folder.resolve("source.raw")));
        }
    }

    /// What reads YAML comes out of the bundle, and what reads XML out of the JDK by way of the framework.
    @Test
    void readsMachinesThatADescriptionTells() throws IOException {
        byte[] content = "disk".repeat(1024).getBytes(StandardCharsets.UTF_8);
        Files.write(folder.resolve("disk"), content);
        Files.writeString(folder.resolve("backup.yaml"), """
                vmFinalizeBackup: 1
                processors: 2
                memory: 64 MiB
                disks: [{file: disk, format: raw}]
                """);
        Files.writeString(folder.resolve("vm.xml"), """
                <domain><name>vm</name><memory unit='MiB'>64</memory><vcpu>2</vcpu><devices><disk>
                <driver type='raw'/><source file='/images/disk'/><target dev='sda' bus='sata'/>
                </disk></devices></domain>
                """);

        for (var name : List.of("backup.yaml", "vm.xml")) {
            try (var backup = open(name)) {
                assertThat(backup.hardware().orElseThrow().memoryBytes()).as(name).isEqualTo(64L << 20);
                assertThat(read(backup.disks().getFirst())).isEqualTo(content);
            }
        }
    }

    @Test
    void aRawDiskOverAChainThatStatesRawIsReadAsRawWhateverItLooksLike() throws IOException {
        assumeQemu();
        // A guest can write the header of an image into its own disk, in the hope that it is looked at.
        run("qemu-img", "create", "-f", "qcow2", "evil.raw", "1M");
        run("qemu-img", "create", "-f", "qcow2", "-b", "evil.raw", "-F", "raw", "top");
        byte[] expected = Files.readAllBytes(folder.resolve("evil.raw"));

        try (var backup = open("top")) {
            assertThat(read(backup.disks().getFirst())).startsWith(expected);
        }
    }

    @Test
    void theIdentityIsThatOfAllFilesOfTheChain() throws IOException {
        assumeQemu();
        run("qemu-img", "create", "-f", "raw", "base", "1M");
        run("qemu-img", "create", "-f", "qcow2", "-b", "base", "-F", "raw", "top");
        String before = identity("top");

        assertThat(identity("top")).isEqualTo(before);
        Files.setLastModifiedTime(folder.resolve("base"), FileTime.fromMillis(1000));
        assertThat(identity("top")).isNotEqualTo(before);
    }

    private String identity(String name) throws IOException {
        try (var backup = open(name)) {
            return backup.identity();
        }
    }

    @Test
    void aBackupThatIsNotThereIsNotFound() {
        assertThatExceptionOfType(BackupNotFoundException.class).isThrownBy(() -> open("missing.qcow2"))
                .withMessage(folder.resolve("missing.qcow2")
                        + ": there is no such file on this server; check the path");
    }

    @Test
    void aFolderIsNoBackup() {
        assertThatExceptionOfType(BackupNotFoundException.class).isThrownBy(() -> open("."))
                .withMessageContaining("must be a file but is a folder");
    }

    @Test
    void aPipeIsNotOpened() throws IOException {
        run("mkfifo", "pipe");

        assertThatExceptionOfType(BackupNotFoundException.class).isThrownBy(() -> open("pipe"))
                .withMessageContaining("must be an ordinary file");
    }

    @ParameterizedTest
    @CsvSource({"relative.raw, relative.raw", "nbd://host/x, nbd://host/x",
            "https://user:secret@host/x?signature=secret, https://***@host/x?***"})
    void aLocationMustLieInAPlace(String location, String shown) {
        assertThatExceptionOfType(OutsidePlacesException.class)
                .isThrownBy(() -> providers.open(BackupReference.at(location)))
                .withMessageContaining("backup " + shown + ": it lies outside");
    }

    @Test
    void aTextIsNotAnImage() throws IOException {
        Files.writeString(folder.resolve("notes.txt"), "not a disk at all\n".repeat(100));

        assertThatExceptionOfType(NotAnImageException.class).isThrownBy(() -> open("notes.txt")).withMessage(
                folder.resolve("notes.txt")
                        + ": must be the image of a disk but no backup format takes it for one");
    }

    @Test
    void anEmptyFileIsNotAnImage() throws IOException {
        Files.createFile(folder.resolve("empty"));

        assertThatExceptionOfType(NotAnImageException.class).isThrownBy(() -> open("empty"));
    }

    @Test
    void anImageOfAFormatThatIsNotReadIsRefusedByItsName() throws IOException {
        assumeQemu();
        run("qemu-img", "create", "-f", "vdi", "disk.vdi", "1M");

        assertThatExceptionOfType(NotAnImageException.class).isThrownBy(() -> open("disk.vdi"))
                .withMessageContaining("is a VDI image; convert it: qemu-img convert");
    }

    @Test
    void aTruncatedImageIsDamaged() throws IOException {
        makeSource("source.raw");
        run("qemu-img", "convert", "-f", "raw", "-O", "qcow2", "source.raw", "top");
        try (var file = new RandomAccessFile(folder.resolve("top").toFile(), "rw")) {
            file.setLength(file.length() - (2 << 20));
        }

        assertThatExceptionOfType(FormatException.class).isThrownBy(() -> open("top"))
                .withMessageContaining("the image is truncated").isNotInstanceOf(NotAnImageException.class);
    }

    @Test
    void aMissingBackingFileIsNamed() throws IOException {
        assumeQemu();
        run("qemu-img", "create", "-f", "qcow2", "-u", "-b", "gone.raw", "-F", "raw", "top", "1M");

        assertThatExceptionOfType(FormatException.class).isThrownBy(() -> open("top"))
                .withMessageContaining("the file 'gone.raw', which the image needs, is missing");
    }

    @Test
    void everyFileIsClosedWhenTheBackupIsAndWhenItCannotBeOpened() throws IOException {
        assumeQemu();
        run("qemu-img", "create", "-f", "raw", "base", "1M");
        run("qemu-img", "create", "-f", "qcow2", "-b", "base", "-F", "raw", "top");
        run("qemu-img", "create", "-f", "qcow2", "-u", "-b", "top", "-F", "vmdk", "broken", "1M");

        try (var _ = open("top")) {
            assertThat(openFiles()).hasSize(4);
        }
        assertThat(openFiles()).isEmpty();
        assertThatExceptionOfType(FormatException.class).isThrownBy(() -> open("broken"));
        assertThat(openFiles()).isEmpty();
    }

    /// Each file twice: once to be read, once to be asked for holes.
    private List<Path> openFiles() throws IOException {
        var open = new ArrayList<Path>();
        try (var descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (var descriptor : descriptors) {
                if (Files.isSymbolicLink(descriptor)
                        && Files.readSymbolicLink(descriptor).startsWith(folder)) {
                    open.add(Files.readSymbolicLink(descriptor));
                }
            }
        }
        return open;
    }

    private static byte[] read(BackupDisk disk) throws IOException {
        var bytes = ByteBuffer.allocate((int) disk.size());
        disk.read(bytes, 0);
        return bytes.array();
    }

    /// The numbers of the sectors that are in zero extents.
    private static BitSet zeros(BackupDisk disk) throws IOException {
        var sectors = new BitSet();
        disk.extents(new ByteRange(0, disk.size())).forEachRemaining(extent -> {
            if (extent.kind() == Extent.Kind.ZERO) {
                addSectors(sectors, extent.range());
            }
        });
        return sectors;
    }

    private BitSet zerosByQemu(String format) throws IOException {
        var sectors = new BitSet();
        var matcher = MAPPED.matcher(run("qemu-img", "map", "-f", format, "--output=json", "top"));
        while (matcher.find()) {
            if (matcher.group(3).equals("true")) {
                addSectors(sectors,
                        ByteRange.of(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2))));
            }
        }
        return sectors;
    }

    private static void addSectors(BitSet sectors, ByteRange range) {
        int first = (int) Math.ceilDiv(range.start(), 512L);
        sectors.set(first, Math.max(first, (int) (range.end() / 512)));
    }

    /// 8 MiB with holes, and noise at its end.
    private void makeSource(String name) throws IOException {
        assumeQemu();
        byte[] noise = new byte[3 << 20];
        new Random(7).nextBytes(noise);
        try (var raw = new RandomAccessFile(folder.resolve(name).toFile(), "rw")) {
            raw.write(noise, 0, 100_000);
            raw.seek(5 << 20);
            raw.write(noise);
        }
    }

    private static void assumeQemu() {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/qemu-img")), "install Debian package qemu-utils");
    }

    private String run(String... command) throws IOException {
        var process = new ProcessBuilder(Arrays.asList(command)).directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            assertThat(process.waitFor()).as("%s said: %s", List.of(command), output).isZero();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return output;
    }
}
