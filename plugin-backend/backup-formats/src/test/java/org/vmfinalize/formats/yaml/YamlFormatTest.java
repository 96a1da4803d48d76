package org.vmfinalize.formats.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vmfinalize.backup.BackupFormat;
import org.vmfinalize.backup.DiskAddress;
import org.vmfinalize.backup.DiskController;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.backup.Hardware;
import org.vmfinalize.backup.NetworkAdapter;
import org.vmfinalize.backup.kit.BackupFormatContract;
import org.vmfinalize.backup.kit.FolderFile;
import org.vmfinalize.backup.kit.Sample;
import org.vmfinalize.formats.vmdk.SmallVmdk;

class YamlFormatTest extends BackupFormatContract {

    static final String DESCRIPTION = """
            # By hand.
            vmFinalizeBackup: 1
            name: web-01
            takenAt: 2026-11-25T03:00:00Z
            guestId: ubuntu64Guest
            firmware: efi-secure-boot
            processors: 4
            coresPerSocket: 2
            memory: 8 GiB
            disks:
              - file: system.vmdk
                format: vmdk
                controller: nvme
                unit: 3
              - file: data.raw
                format: raw
            networkAdapters:
              - network: VM Network
                mac: 00-50-56-9A-12-34
            """;

    @TempDir
    Path folder;

    @Override
    protected BackupFormat format() {
        return new YamlFormat();
    }

    @Override
    protected List<Sample> samples() {
        return List.of(new Sample("a VMDK and a raw disk",
                made -> new Sample.Made(write(made, DESCRIPTION),
                        List.of(SmallVmdk.content(), SmallVmdk.streamContent()))));
    }

    private static Path write(Path folder, String description) throws IOException {
        SmallVmdk.sparse().write(folder.resolve("system.vmdk"));
        Files.write(folder.resolve("data.raw"), SmallVmdk.streamContent());
        return Files.writeString(folder.resolve("backup.yaml"), description);
    }

    @Test
    void describesTheMachine() throws IOException {
        var nvme = new DiskController(DiskController.Type.NVME, 0);
        var pvscsi = new DiskController(DiskController.Type.PVSCSI, 0);

        try (var backup = new YamlFormat().open(new FolderFile(write(folder, DESCRIPTION)))) {
            assertThat(backup.takenAt()).contains(Instant.parse("2026-11-25T03:00:00Z"));
            assertThat(backup.hardware()).contains(new Hardware("web-01", Hardware.Uuids.UNKNOWN,
                    Optional.of("ubuntu64Guest"), Hardware.Firmware.EFI_SECURE_BOOT,
                    new Hardware.Processors(4, 2),
                    8L << 30, List.of(nvme, pvscsi),
                    List.of(new DiskAddress("disk-0", nvme, 3), new DiskAddress("disk-1", pvscsi, 0)),
                    List.of(new NetworkAdapter(NetworkAdapter.Type.VMXNET3, Optional.of("VM Network"),
                            Optional.of("00:50:56:9a:12:34"))),
                    List.of()));
        }
    }

    @Test
    void hasNoHardwareWithoutProcessorsOrMemory() throws IOException {
        String description = DESCRIPTION.replace("memory: 8 GiB\n", "");

        try (var backup = new YamlFormat().open(new FolderFile(write(folder, description)))) {
            assertThat(backup.hardware()).isEmpty();
            assertThat(backup.disks()).hasSize(2);
        }
    }

    record Damage(String message, String part, String by) {
        @Override
        public String toString() {
            return message;
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("damages")
    void refuses(Damage damage) throws IOException {
        assertThat(DESCRIPTION).contains(damage.part());
        var file = new FolderFile(write(folder, DESCRIPTION.replace(damage.part(), damage.by())));

        assertThatExceptionOfType(FormatException.class).isThrownBy(() -> new YamlFormat().open(file))
                .withMessageStartingWith(folder.resolve("backup.yaml") + ": ")
                .withMessageContaining(damage.message())
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
        assertThat(file.isOpen()).isFalse();
    }

    static List<Damage> damages() {
        return List.of(
                new Damage("vmFinalizeBackup must be 1..1 but was '2'", "vmFinalizeBackup: 1",
                        "vmFinalizeBackup: 2"),
                new Damage("vmFinalizeBackup must be 1 but is not stated", "vmFinalizeBackup: 1", "#"),
                new Damage("colour must be one of coresPerSocket, disks, ", "name:", "colour:"),
                new Damage(
                        "disks[0].colour must be one of bus, controller, file, format, unit but is unknown",
                        "unit:", "colour:"),
                new Damage("processors must be 1..4096 but was '0'", "processors: 4", "processors: 0"),
                new Damage("processors must be 1..4096 but was '-4'", "processors: 4", "processors: -4"),
                new Damage("processors must be a single value but is a list or a mapping", "processors: 4",
                        "processors: [4]"),
                new Damage("coresPerSocket must divide the 4 processors but was 3", "coresPerSocket: 2",
                        "coresPerSocket: 3"),
                new Damage("memory must be 1..67108864 MiB, such as 8 GiB, but was '8 GB'", "8 GiB", "8 GB"),
                new Damage("memory must be 1..67108864 MiB, such as 8 GiB, but was '99999999 TiB'", "8 GiB",
                        "99999999 TiB"),
                new Damage("firmware must be one of bios, efi, efi-secure-boot but was 'uefi'",
                        "efi-secure-boot", "uefi"),
                new Damage("takenAt must be a time such as 2026-11-25T03:00:00Z but was 'yesterday'",
                        "2026-11-25T03:00:00Z", "yesterday"),
                new Damage("disks[0].controller must be one of ahci, buslogic, ", "nvme", "floppy"),
                new Damage("disks[0].unit must be 0..14 but was '15'", "unit: 3", "unit: 15"),
                new Damage("disks[1].file must be stated but is not", "file: data.raw", "file:"),
                new Damage(
                        "the format of the disk data.raw must be one of qcow2, raw, vhd, vhdx, vmdk but was 'luks'",
                        "format: raw", "format: luks"),
                new Damage("must refer to a file", "file: data.raw", "file: /etc/passwd"),
                new Damage("must refer to a file", "file: data.raw", "file: ../data.raw"),
                new Damage("networkAdapters[0].mac must be six bytes", "00-50-56-9A-12-34", "none"),
                new Damage("networkAdapters must be a list of at most 64 mappings but is not",
                        "networkAdapters:\n  - network: VM Network\n    mac: 00-50-56-9A-12-34\n",
                        "networkAdapters: 7\n"),
                new Damage("must be YAML but is not: ", "name: web-01", "name: web-01\nname: web-02"),
                new Damage("must be YAML but is not: ", "name: web-01", "name: [web-01"),
                new Damage("must be YAML but is not: ", "name: web-01",
                        "name: !!java.net.URL [\"http://localhost\"]"),
                new Damage("must have no aliases but has one", "name: web-01", "name: &a web-01\nguest: *a"),
                new Damage("must be at most 4 levels deep but is deeper", "name: web-01",
                        "name: " + "[".repeat(20_000)),
                new Damage("must have at most 65536 bytes but has ", "name: web-01",
                        "name: " + "x".repeat(70_000)));
    }
}
