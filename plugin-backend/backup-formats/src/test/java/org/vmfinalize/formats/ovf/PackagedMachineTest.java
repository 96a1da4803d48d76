package org.vmfinalize.formats.ovf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vmfinalize.backup.BackupFormat;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.backup.Hardware;
import org.vmfinalize.backup.kit.BackupFormatContract;
import org.vmfinalize.backup.kit.FolderFile;
import org.vmfinalize.backup.kit.Sample;
import org.vmfinalize.formats.tar.TarWriter;
import org.vmfinalize.formats.vmdk.SmallVmdk;
import org.vmfinalize.formats.yaml.YamlFormat;

/// A package of two machines: `backup.yaml` says which.
class PackagedMachineTest extends BackupFormatContract {

    @TempDir
    Path folder;

    @BeforeEach
    void writesThePackage() throws IOException {
        writePackage(folder);
    }

    @Override
    protected BackupFormat format() {
        return new YamlFormat();
    }

    @Override
    protected List<Sample> samples() {
        return List.of(new Sample("one machine of a folder", made -> {
            writePackage(made);
            return new Sample.Made(choose(made, "vm.ovf", "db"), List.of(SmallVmdk.content()));
        }), new Sample("one machine of an archive", made -> {
            Path unpacked = Files.createDirectory(made.resolve("unpacked"));
            writePackage(unpacked);
            archive(unpacked, made.resolve("vm.ova"));
            return new Sample.Made(choose(made, "vm.ova", "vm-1"), List.of(SmallVmdk.streamContent()));
        }));
    }

    private static SmallPackage contents() {
        return new SmallPackage().disk("disk1.vmdk", SmallVmdk.stream().toBytes())
                .disk("disk2.vmdk", SmallVmdk.sparse().toBytes());
    }

    /// `vm-1` has the first disk, `db` the second one; they lie in a collection.
    private static void writePackage(Path folder) throws IOException {
        String one = contents().descriptor();
        int start = one.indexOf("  <VirtualSystem ");
        int end = one.indexOf("</Envelope>");
        String system = one.substring(start, end);
        contents().write(folder, one.substring(0, start) + "<VirtualSystemCollection ovf:id=\"shop\">"
                + withoutDisk(system, "vmdisk1") + withoutDisk(system, "vmdisk0")
                        .replace("ovf:id=\"vm-1\"", "ovf:id=\"db\"").replace("web &amp; mail", "database")
                + "<VirtualSystem ovf:id=\"diskless\"/></VirtualSystemCollection>" + one.substring(end));
    }

    private static String withoutDisk(String system, String id) {
        String without = system.replaceAll("(?s)<Item>\\s*<rasd:AddressOnParent>(?:(?!</Item>).)*/disk/" + id
                + "<.*?</Item>", "");
        assertThat(without).isNotEqualTo(system);
        return without;
    }

    private static void archive(Path from, Path ova) throws IOException {
        var tar = new TarWriter();
        for (var name : contents().names()) {
            tar.file(name, Files.readAllBytes(from.resolve(name)));
        }
        Files.write(ova, tar.end());
    }

    private static Path choose(Path folder, String file, String system) throws IOException {
        return Files.writeString(folder.resolve(system + ".yaml"), """
                vmFinalizeBackup: 1
                takenAt: 2026-11-25T03:00:00Z
                ovf: %s
                virtualSystem: %s
                """.formatted(file, system));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"vm-1 | web & mail | disk1.vmdk", "db | database | disk2.vmdk"})
    void hasTheHardwareAndTheDisksOfTheChosenMachineOnly(String system, String name, String disk)
            throws IOException {
        archive(folder, folder.resolve("vm.ova"));
        for (var file : List.of("vm.ovf", "vm.ova")) {
            try (var backup = new YamlFormat().open(new FolderFile(choose(folder, file, system)))) {
                assertThat(backup.hardware()).map(Hardware::name).contains(name);
                assertThat(backup.hardware().orElseThrow().disks()).hasSize(1);
                assertThat(backup.disks()).hasSize(1);
                assertThat(backup.files()).anyMatch(location -> location.endsWith(disk));
                assertThat(backup.takenAt()).contains(Instant.parse("2026-11-25T03:00:00Z"));
            }
        }
    }

    @Test
    void verifiesTheChecksumsOfThePackage() throws IOException {
        try (var backup = new YamlFormat().open(new FolderFile(choose(folder, "vm.ovf", "db")))) {
            assertThat(backup.verifyChecksums(_ -> {
            })).contains(folder.resolve("disk2.vmdk").toString());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "vm.ovf | web | there must be one VirtualSystem 'web' but there are 0; there are: 'vm-1', 'db', 'diskless'",
            "vm.ovf | diskless | there must be at least one disk but is none; it is the package of ",
            "disk1.vmdk | db | OVF descriptor: must be text in UTF-8", "other.ova | db | other.ova",
            "../vm.ovf | db | must refer to a file", "vm.ovf | '' | virtualSystem must be stated but is not",
            "vm.ovf | 'db\ndisks: []' | disks must be one of ovf, takenAt, virtualSystem, vmFinalizeBackup but is unknown"})
    void refuses(String file, String system, String message) throws IOException {
        var description = new FolderFile(Files.writeString(folder.resolve("backup.yaml"),
                "vmFinalizeBackup: 1\novf: %s\nvirtualSystem: %s\n".formatted(file,
                        system.replace("\\n", "\n"))));

        assertThatExceptionOfType(FormatException.class).isThrownBy(() -> new YamlFormat().open(description))
                .withMessageContaining(message);
        assertThat(description.isOpen()).isFalse();
        assertThat(description.siblings()).noneMatch(FolderFile::isOpen);
    }
}
