package org.vmfinalize.formats.ovf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmfinalize.backup.Backup;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.DiskAddress;
import org.vmfinalize.backup.DiskController;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.backup.Hardware;
import org.vmfinalize.backup.NetworkAdapter;
import org.vmfinalize.backup.kit.Disks;
import org.vmfinalize.backup.kit.FolderFile;
import org.vmfinalize.formats.vhd.SmallVhd;
import org.vmfinalize.formats.vhd.SmallVhdx;
import org.vmfinalize.formats.vmdk.SmallVmdk;

class OvfFormatTest {

    @TempDir
    Path folder;

    private static SmallPackage twoDisks() {
        return new SmallPackage().disk("disk1.vmdk", SmallVmdk.stream().toBytes())
                .disk("disk2.vmdk", SmallVmdk.sparse().toBytes());
    }

    private Backup open(Path descriptor) throws IOException {
        return new OvfFormat().open(new FolderFile(descriptor));
    }

    @Test
    void describesTheMachine() throws IOException {
        var pvscsi = new DiskController(DiskController.Type.PVSCSI, 0);
        var ahci = new DiskController(DiskController.Type.AHCI, 0);

        try (var backup = open(twoDisks().emptyDisk().write(folder))) {
            assertThat(backup.hardware()).contains(new Hardware("web & mail", Hardware.Uuids.UNKNOWN,
                    Optional.of("ubuntu64Guest"), Hardware.Firmware.EFI_SECURE_BOOT,
                    new Hardware.Processors(4, 2),
                    4L << 30, List.of(pvscsi, ahci),
                    List.of(new DiskAddress("disk-0", pvscsi, 0), new DiskAddress("disk-1", pvscsi, 1),
                            new DiskAddress("disk-2", ahci, 1)),
                    List.of(new NetworkAdapter(NetworkAdapter.Type.VMXNET3, Optional.of("VM Network"),
                            Optional.of("00:50:56:9a:12:34"))),
                    List.of("'CD/DVD drive 1' is left out: its medium is no part of the backup.")));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"lsilogic | LSI_LOGIC", "lsilogicsas | LSI_LOGIC_SAS",
            "buslogic | BUS_LOGIC", "buslogic,lsilogic | LSI_LOGIC", "someother, lsilogic | LSI_LOGIC",
            "buslogic lsilogic | LSI_LOGIC", "VirtualSCSI | PVSCSI", "unheard-of | LSI_LOGIC"})
    void takesTheFirstKnownOfSeveralControllers(String subtypes, DiskController.Type type)
            throws IOException {
        String descriptor = twoDisks().descriptor().replace("VirtualSCSI", subtypes);

        try (var backup = open(twoDisks().write(folder, descriptor))) {
            assertThat(backup.hardware().orElseThrow().controllers().getFirst().type()).isEqualTo(type);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"byte * 2^20 | 4096", "byte*2^20 | 4096", "byte * 2 ^ 20 | 4096",
            "MegaBytes | 4096", "MB | 4096", "byte*1024*1024 | 4096", "Byte * 10^6 | 3907", "KiloBytes | 4",
            "byte*2^30 | 4194304"})
    void understandsUnits(String units, long mebibytes) throws IOException {
        String descriptor = twoDisks().descriptor().replace("byte * 2^20", units);

        try (var backup = open(twoDisks().write(folder, descriptor))) {
            assertThat(backup.hardware().orElseThrow().memoryBytes()).isEqualTo(mebibytes << 20);
        }
    }

    @Test
    void findsAnotherPlaceForADiskWhoseUnitIsTaken() throws IOException {
        String descriptor = twoDisks().descriptor().replace("<rasd:AddressOnParent>1<",
                "<rasd:AddressOnParent>0<");

        try (var backup = open(twoDisks().write(folder, descriptor))) {
            var hardware = backup.hardware().orElseThrow();
            assertThat(hardware.disks()).extracting(DiskAddress::unit).containsExactly(0, 1);
            assertThat(hardware.remarks()).anyMatch(remark -> remark.startsWith("The unit 0 of disk-1"));
        }
    }

    @Test
    void hasTheDisksAlsoWhereNoMachineIsDescribed() throws IOException {
        String descriptor = twoDisks().descriptor().replaceAll("(?s)<VirtualSystem .*</VirtualSystem>", "");

        try (var backup = open(twoDisks().write(folder, descriptor))) {
            assertThat(backup.disks()).hasSize(2);
            assertThat(backup.hardware()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4096, 10_000, 70_000})
    void readsADiskThatLiesInChunks(int chunkSize) throws IOException {
        byte[] image = SmallVmdk.stream().toBytes();
        var whole = new SmallPackage().disk("disk1.vmdk", image);
        byte[] expected;
        try (var backup = open(whole.write(folder))) {
            var disk = backup.disks().getFirst();
            expected = Disks.bytes(disk, new ByteRange(0, disk.size()));
        }
        Files.delete(folder.resolve("disk1.vmdk"));
        String descriptor = whole.descriptor().replace("<File ", "<File ovf:chunkSize=\"%d\" ".formatted(
                chunkSize));
        Files.writeString(folder.resolve("vm.ovf"), descriptor);
        Files.delete(folder.resolve("vm.mf"));
        int chunks = 0;
        for (int at = 0; at < image.length; at += chunkSize) {
            Files.write(folder.resolve("disk1.vmdk.%09d".formatted(chunks++)),
                    Arrays.copyOfRange(image, at, Math.min(image.length, at + chunkSize)));
        }

        try (var backup = open(folder.resolve("vm.ovf"))) {
            Disks.assertReads(backup.disks().getFirst(), expected, 1);
            Disks.assertExtentsAreTrue(backup.disks().getFirst(), expected);
        }
        Files.write(folder.resolve("disk1.vmdk.%09d".formatted(chunks - 1)), new byte[1],
                StandardOpenOption.APPEND);
        assertThatExceptionOfType(FormatException.class).isThrownBy(() -> open(folder.resolve("vm.ovf")))
                .withMessageContaining("the chunk %d of the File 'file0' must have ".formatted(chunks - 1));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "http://technet.microsoft.com/en-us/virtualserver/bb676673.aspx | disk.vhd",
            "http://go.microsoft.com/fwlink/?LinkId=137171 | disk.vhd",
            "http://technet.microsoft.com/en-us/library/vhdx | disk.vhdx", "'' | disk.vhd", "'' | disk.vhdx",
            "'' | disk.raw", "http://example.org/raw | disk.img"})
    void readsDisksOfOtherFormats(String uri, String name) throws IOException {
        byte[] image = name.endsWith("vhd")
                ? SmallVhd.dynamic().sum().bytes().array()
                : name.endsWith("vhdx") ? SmallVhdx.dynamic().sum().bytes().array() : new byte[65536];
        var small = new SmallPackage().disk(name, image);

        try (var backup = open(small.write(folder,
                small.descriptor().replaceAll("ovf:format=\"[^\"]*\"", "ovf:format=\"" + uri + "\"")))) {
            byte[] expected = name.endsWith("vhdx") ? SmallVhdx.dynamicContent() : new byte[0];
            if (expected.length > 0) {
                Disks.assertReads(backup.disks().getFirst(), expected, 1);
            }
            assertThat(backup.disks().getFirst().image().orElseThrow().format())
                    .isEqualTo(name.endsWith("img") ? "raw" : name.substring(name.indexOf('.') + 1));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"SHA-1", "SHA-256", "SHA-512"})
    void comparesChecksumsOfEachKind(String algorithm) throws Exception {
        Path descriptor = twoDisks().write(folder);
        var digest = MessageDigest.getInstance(algorithm);
        Files.writeString(folder.resolve("vm.mf"), "%s(disk1.vmdk)= %s\n".formatted(
                algorithm.replace("-", ""), HexFormat.of()
                        .formatHex(digest.digest(Files.readAllBytes(folder.resolve("disk1.vmdk"))))));

        try (var backup = open(descriptor)) {
            assertThat(backup.verifyChecksums(_ -> {
            })).containsExactly(folder.resolve("disk1.vmdk").toString());
            Files.write(folder.resolve("disk1.vmdk"), new byte[]{0});
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> backup.verifyChecksums(_ -> {
            })).withMessageContaining("must be ").withMessageContaining(algorithm);
        }
    }

    @Test
    void verifiesTheChecksumsOfAllFiles() throws IOException {
        var read = new AtomicLong();
        try (var backup = open(twoDisks().write(folder))) {
            List<String> verified = backup.verifyChecksums(read::addAndGet);

            assertThat(verified).containsExactlyInAnyOrder(folder.resolve("vm.ovf").toString(),
                    folder.resolve("disk1.vmdk").toString(), folder.resolve("disk2.vmdk").toString());
        }
        assertThat(read)
                .hasValue(Files.size(folder.resolve("vm.ovf")) + Files.size(folder.resolve("disk1.vmdk"))
                        + Files.size(folder.resolve("disk2.vmdk")));
    }

    @Test
    void findsADiskThatDoesNotHaveItsChecksum() throws IOException {
        Path descriptor = twoDisks().write(folder);
        byte[] changed = Files.readAllBytes(folder.resolve("disk2.vmdk"));
        changed[changed.length - 1] ^= 1;
        Files.write(folder.resolve("disk2.vmdk"), changed);

        try (var backup = open(descriptor)) {
            assertThatExceptionOfType(FormatException.class).isThrownBy(() -> backup.verifyChecksums(_ -> {
            })).withMessageStartingWith(folder.resolve("disk2.vmdk") + ": the checksum SHA-256 must be ")
                    .withMessageEndingWith("; the file was changed or damaged");
        }
    }

    @Test
    void hasNothingToVerifyWithoutAManifest() throws IOException {
        Path descriptor = twoDisks().write(folder);
        Files.delete(folder.resolve("vm.mf"));

        try (var backup = open(descriptor)) {
            assertThat(backup.verifyChecksums(_ -> {
            })).isEmpty();
        }
    }

    @Test
    void refusesADescriptorThatWasChanged() throws IOException {
        Path descriptor = twoDisks().write(folder);
        Files.writeString(descriptor, twoDisks().descriptor().replace("4096", "8192"));
        var file = new FolderFile(descriptor);

        assertThatExceptionOfType(FormatException.class).isThrownBy(() -> new OvfFormat().open(file))
                .withMessageStartingWith(descriptor + ": the checksum SHA-256 must be ");
        assertThat(file.isOpen()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "SHA1(vm.ovf)= 00 | line 1 of a manifest must be ALGORITHM(FILE)= HEX but is not",
            "SHA256(../x)= 0000000000000000000000000000000000000000 | must name a file without folders but names '../x'"})
    void refusesAManifestThatIsNone(String line, String message) throws IOException {
        Path descriptor = twoDisks().write(folder);
        Files.writeString(folder.resolve("vm.mf"), line + "\n");

        assertThatExceptionOfType(FormatException.class).isThrownBy(() -> open(descriptor))
                .withMessageContaining(message);
    }
}
