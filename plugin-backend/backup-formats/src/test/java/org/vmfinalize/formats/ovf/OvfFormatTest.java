package org.vmfinalize.formats.ovf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vmfinalize.backup.Backup;
import org.vmfinalize.backup.DiskAddress;
import org.vmfinalize.backup.DiskController;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.backup.Hardware;
import org.vmfinalize.backup.NetworkAdapter;
import org.vmfinalize.backup.kit.FolderFile;
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
