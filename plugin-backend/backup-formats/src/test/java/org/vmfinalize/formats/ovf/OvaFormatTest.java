package org.vmfinalize.formats.ovf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.backup.NotAnImageException;
import org.vmfinalize.backup.kit.Disks;
import org.vmfinalize.backup.kit.FolderFile;
import org.vmfinalize.formats.Qemu;
import org.vmfinalize.formats.tar.TarArchive;
import org.vmfinalize.formats.tar.TarWriter;
import org.vmfinalize.formats.vmdk.SmallVmdk;

/// OVAs that `tar` packs, with disks that `qemu-img` makes.
class OvaFormatTest {

    private static final long SEED = 20261125;
    private static final int SOURCE_SIZE = (3 << 20) + 7 * 512;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"ustar", "gnu", "pax", "oldgnu"})
    void readsADiskOutOfAnArchiveAsQemuReadsIt(String tarFormat) throws Exception {
        var qemu = new Qemu(folder);
        qemu.makeSource(SOURCE_SIZE, SEED);
        qemu.img("convert", "-f", "raw", "-O", "vmdk", "-o", "subformat=streamOptimized", "source.raw",
                "disk.vmdk");
        byte[] expected = qemu.bytesOf("disk.vmdk", "vmdk");
        var contents = new SmallPackage().disk("disk.vmdk", Files.readAllBytes(folder.resolve("disk.vmdk")));
        contents.write(folder);
        run(contents.names(), "tar", "--format=" + tarFormat, "-cf", "vm.ova");
        var file = new FolderFile(folder.resolve("vm.ova"));

        assertThat(new OvaFormat().recognises(file)).isEqualTo(100);
        try (var backup = new OvaFormat().open(file)) {
            var disk = backup.disks().getFirst();
            Disks.assertReads(disk, expected, SEED);
            Disks.assertExtentsAreTrue(disk, expected);
            Disks.assertReadOrderIsComplete(disk);
            Qemu.assertAgreesWithMap(disk, qemu.map("disk.vmdk", "vmdk"));
            assertThat(backup.verifyChecksums(_ -> {
            })).containsExactlyInAnyOrder(folder.resolve("vm.ova") + "!/vm.ovf",
                    folder.resolve("vm.ova") + "!/disk.vmdk");
        }
    }

    /// More than 8 GiB do not fit the octal digits of the header.
    @ParameterizedTest
    @ValueSource(strings = {"gnu", "pax"})
    void findsMembersOfMoreThan8GiB(String tarFormat) throws Exception {
        long size = (9L << 30) + 5;
        try (var large = new RandomAccessFile(folder.resolve("large").toFile(), "rw")) {
            large.setLength(size);
        }
        // The headers only: what follows them is made as a hole.
        run(List.of(), "sh", "-c",
                "tar --format=%s -cf - large | head -c 1536 > large.tar".formatted(tarFormat));
        long start = tarFormat.equals("gnu") ? 512 : 1536;
        try (var archive = new RandomAccessFile(folder.resolve("large.tar").toFile(), "rw")) {
            archive.setLength(start + size + 507);
            archive.seek(start + size + 507);
            archive.write(new TarWriter().file("after", new byte[]{1, 2, 3}).end());
        }

        try (var file = new FolderFile(folder.resolve("large.tar"))) {
            var members = TarArchive.open(file).files();
            assertThat(members).extracting(member -> member.name() + ":" + member.size())
                    .containsExactly("large:" + size, "after:3");
        }
    }

    @Test
    void followsFromADiskToItsParentInTheArchiveOnly() throws IOException {
        Files.write(folder.resolve("base.vmdk"), SmallVmdk.sparse().toBytes());
        byte[] child = SmallVmdk.sparse()
                .describe(SmallVmdk.descriptor("monolithicSparse", "12345678", "base.vmdk",
                        "RW 128 SPARSE \"disk.vmdk\""))
                .toBytes();
        var contents = new SmallPackage().disk("disk.vmdk", child);
        contents.write(folder);
        var tar = new TarWriter();
        for (var name : contents.names()) {
            tar.file(name, Files.readAllBytes(folder.resolve(name)));
        }
        var file = new FolderFile(Files.write(folder.resolve("vm.ova"), tar.end()));

        assertThatExceptionOfType(FormatException.class).isThrownBy(() -> new OvaFormat().open(file))
                .withMessage(
                        "%s!/disk.vmdk: must refer to a file of the same archive but refers to 'base.vmdk'",
                        folder.resolve("vm.ova"));
        assertThat(file.isOpen()).isFalse();
        assertThat(file.siblings()).isEmpty();
    }

    @Test
    void anArchiveWithoutADescriptorIsNone() throws IOException {
        Path archive = Files.write(folder.resolve("vm.tar"), new TarWriter().file("a", new byte[10]).end());

        assertThatExceptionOfType(NotAnImageException.class)
                .isThrownBy(() -> new OvaFormat().open(new FolderFile(archive)))
                .withMessage(archive + ": an OVA must have one member whose name ends in .ovf but has 0");
    }

    @Test
    void anArchiveNeedNotEndWithZeros() throws IOException {
        Path archive = Files.write(folder.resolve("a.tar"),
                new TarWriter().file("a", new byte[]{7}).file("./b", new byte[0]).withoutEnd());

        try (var file = new FolderFile(archive)) {
            var members = TarArchive.open(file).files();
            assertThat(members).extracting(member -> member.name()).containsExactly("a", "b");
            assertThat(members.getFirst().extents(new ByteRange(0, 1))).toIterable().hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"size | 600 | the size must be at most",
            "path | ../x | must stay in the archive",
            "path | /x | must stay in the archive", "size | -1 | must be 1 to 18 digits but was '-1'",
            "size | 99999999999999999999 | must be 1 to 18 digits",
            "GNU.sparse.major | 1 | must not be stored as sparse"})
    void refusesExtendedHeadersThatLead(String key, String value, String message) throws IOException {
        assertRefused(new TarWriter().pax(key, value).file("a", new byte[10]).withoutEnd(), message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"1 | a link", "2 | a link", "3 | a link",
            "S | a link, a device or of another"})
    void refusesWhatIsNoFile(char type, String message) throws IOException {
        assertRefused(new TarWriter().member("a", type, TarWriter.octal(0, 12), new byte[0]).end(),
                message);
    }

    @Test
    void refusesSizesThatLie() throws IOException {
        byte[] negative = new byte[12];
        Arrays.fill(negative, (byte) 0xff);
        byte[] huge = new byte[12];
        huge[0] = (byte) 0x80;
        huge[3] = 1;
        var whole = new ArrayList<byte[]>(List.of(negative, huge));

        for (var size : whole) {
            assertRefused(new TarWriter().member("a", '0', size, new byte[0]).end(),
                    "the size must be less than 2^63 but is more or negative");
        }
        assertRefused(new TarWriter().member("a", '0', TarWriter.octal(2000, 12), new byte[0]).end(),
                "the size must be at most 1024, up to the archive's end, but was 2000; it is cut off");
        assertRefused(new TarWriter()
                .member("a", '0', "99999999999\0".getBytes(StandardCharsets.US_ASCII), new byte[0]).end(),
                "the size must be octal digits but was '99999999999'");
    }

    @Test
    void refusesDamagedHeaders() throws IOException {
        byte[] archive = new TarWriter().file("a", new byte[10]).end();
        archive[0] = 'b';

        assertRefused(archive, "tar header at 0: the checksum must be ");
    }

    @Test
    void refusesTwoMembersOfOneName() throws IOException {
        assertRefused(new TarWriter().file("a", new byte[1]).file("./a", new byte[1]).end(),
                "the members' names must differ but 'a' is there twice");
    }

    private void assertRefused(byte[] archive, String message) throws IOException {
        Path written = Files.write(folder.resolve("hostile.tar"), archive);
        try (var file = new FolderFile(written)) {
            assertThatExceptionOfType(FormatException.class).isThrownBy(() -> TarArchive.open(file))
                    .withMessageStartingWith(written + ": tar header at ").withMessageContaining(message);
        }
    }

    private void run(List<String> files, String... command) throws IOException, InterruptedException {
        var all = new ArrayList<>(List.of(command));
        all.addAll(files);
        assertThat(new ProcessBuilder(all).directory(folder.toFile()).inheritIO().start().waitFor()).isZero();
    }
}
