package org.vmfinalize.formats.vmdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmfinalize.backup.kit.Disks;
import org.vmfinalize.backup.kit.FolderFile;
import org.vmfinalize.formats.Qemu;

/// What `qemu-img` does not make.
class VmdkFormatTest {

    private static final int SECTORS = SmallVmdk.DISK_SIZE / SmallVmdk.SECTOR;

    @TempDir
    Path folder;

    private void assertReads(byte[] expected) throws IOException {
        var file = new FolderFile(folder.resolve("top.vmdk"));
        assertThat(new VmdkFormat().recognises(file)).isEqualTo(100);
        try (var backup = new VmdkFormat().open(file)) {
            var disk = backup.disks().getFirst();
            assertThat(disk.size()).isEqualTo(expected.length);
            Disks.assertReads(disk, expected, 4);
            Disks.assertExtentsAreTrue(disk, expected);
            Disks.assertReadOrderIsComplete(disk);
        }
    }

    private void describe(String descriptor) throws IOException {
        Files.writeString(folder.resolve("top.vmdk"), descriptor);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 511, 512, 5000, 1_000_000})
    void aStreamWhoseFooterKnowsTheDirectoryIsReadWhateverPaddingFollows(int padding) throws IOException {
        byte[] stream = SmallVmdk.stream().toBytes();
        Files.write(folder.resolve("top.vmdk"), Arrays.copyOf(stream, stream.length + padding));

        assertReads(SmallVmdk.streamContent());
    }

    @Test
    void aFlatDiskOfEsxiIsReadFromItsSecondFile() throws IOException {
        describe(SmallVmdk.descriptor("vmfs", "ffffffff", "",
                "RW %d VMFS \"disk-flat.vmdk\"".formatted(SECTORS)));
        Files.write(folder.resolve("disk-flat.vmdk"), SmallVmdk.content());

        assertReads(SmallVmdk.content());
    }

    @Test
    void extentsOfAllTypesMakeOneDisk() throws IOException {
        describe(SmallVmdk.descriptor("twoGbMaxExtentSparse", "FFFFFFFF", "",
                "RW 8 FLAT \"one.vmdk\" 3", "RDONLY 5 ZERO", "rw %d SPARSE \"two.vmdk\"".formatted(SECTORS)));
        Files.write(folder.resolve("one.vmdk"), SmallVmdk.content());
        SmallVmdk.sparse().putLong(28, 0).write(folder.resolve("two.vmdk"));
        byte[] expected = new byte[13 * 512 + SmallVmdk.DISK_SIZE];
        System.arraycopy(SmallVmdk.content(), 3 * 512, expected, 0, 8 * 512);
        System.arraycopy(SmallVmdk.content(), 0, expected, 13 * 512, SmallVmdk.DISK_SIZE);

        assertReads(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"base.vmdk", "/vmfs/volumes/5f0e/vm/base.vmdk", "C:\\vms\\base.vmdk"})
    void aSnapshotOfEsxiIsReadOnTopOfItsParentNextToIt(String hint) throws IOException {
        SmallVmdk.sparse().write(folder.resolve("base.vmdk"));
        describe(SmallVmdk.descriptor("vmfsSparse", "12345678", hint,
                "RW %d VMFSSPARSE \"top-delta.vmdk\"".formatted(SECTORS)));
        SmallVmdk.cowd().write(folder.resolve("top-delta.vmdk"));
        byte[] expected = SmallVmdk.content();
        Arrays.fill(expected, 4096, 5120, (byte) 'c');

        assertReads(expected);
    }

    @Test
    void aSnapshotOnVmfs6IsReadOnTopOfItsParent() throws IOException {
        SmallVmdk.sparse().write(folder.resolve("base.vmdk"));
        describe(SmallVmdk.descriptor("seSparse", "12345678", "base.vmdk",
                "RW %d SESPARSE \"top-sesparse.vmdk\"".formatted(SECTORS)));
        SmallVmdk.seSparse().write(folder.resolve("top-sesparse.vmdk"));
        byte[] expected = new byte[SmallVmdk.DISK_SIZE];
        Arrays.fill(expected, 4096, 8192, (byte) 'e');
        Arrays.fill(expected, 3 * 4096, 4 * 4096, (byte) 'f');

        assertReads(expected);
    }

    /// QEMU is a second opinion on the files that we write here ourselves.
    @ParameterizedTest
    @ValueSource(strings = {"stream", "sparse", "seSparse", "vmfsSparse"})
    void qemuReadsTheSame(String kind) throws IOException {
        var qemu = new Qemu(folder);
        SmallVmdk.sparse().write(folder.resolve("base.vmdk"));
        switch (kind) {
            case "stream" -> SmallVmdk.stream().write(folder.resolve("top.vmdk"));
            case "sparse" -> SmallVmdk.sparse().write(folder.resolve("top.vmdk"));
            default -> {
                describe(SmallVmdk.descriptor(kind, "12345678", "base.vmdk",
                        "RW %d %s \"delta.vmdk\"".formatted(SECTORS, kind.toUpperCase(Locale.ROOT))));
                var delta = kind.equals("seSparse") ? SmallVmdk.seSparse() : SmallVmdk.cowd();
                delta.write(folder.resolve("delta.vmdk"));
            }
        }

        assertReads(qemu.bytesOf("top.vmdk", "vmdk"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "windows-1252", "GBK", "Shift_JIS"})
    void namesAreReadInTheEncodingOfTheDescriptor(String encoding) throws IOException {
        String name = encoding.startsWith("windows") ? "größe-flat.vmdk" : "盤-flat.vmdk";
        String text = SmallVmdk
                .descriptor("vmfs", "ffffffff", "", "RW %d VMFS \"%s\"".formatted(SECTORS, name))
                .replace("version=1", "version=1\nencoding=\"" + encoding + "\"").replace("\n", "\r\n");
        Files.write(folder.resolve("top.vmdk"), text.getBytes(Charset.forName(encoding)));
        Files.write(folder.resolve(name), SmallVmdk.content());

        assertReads(SmallVmdk.content());
    }

    @Test
    void theIdentityChangesWithAnyFileOfTheDisk() throws IOException {
        describe(SmallVmdk.descriptor("vmfs", "ffffffff", "", "RW 8 VMFS \"disk-flat.vmdk\""));
        Files.write(folder.resolve("disk-flat.vmdk"), SmallVmdk.content());
        String before = identity();
        Files.write(folder.resolve("disk-flat.vmdk"), new byte[SmallVmdk.DISK_SIZE + 1]);

        assertThat(identity()).startsWith("vmdk:").isNotEqualTo(before);
    }

    private String identity() throws IOException {
        try (var backup = new VmdkFormat().open(new FolderFile(folder.resolve("top.vmdk")))) {
            assertThat(backup.files()).hasSize(2);
            return backup.identity();
        }
    }
}
