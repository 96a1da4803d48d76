package org.vmfinalize.formats.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
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
import org.vmfinalize.backup.kit.Disks;
import org.vmfinalize.backup.kit.FolderFile;
import org.vmfinalize.backup.kit.Sample;
import org.vmfinalize.formats.Qemu;
import org.vmfinalize.formats.vmdk.SmallVmdk;

class LibvirtFormatTest extends BackupFormatContract {

    private static final long SEED = 20261127;

    /// As `virsh dumpxml` prints it, shortened.
    private static final String DOMAIN = """
            <domain type='kvm' id='3'>
              <name>web-01</name>
              <uuid>4dea22b3-1d52-d8f3-2516-782e98ab3fa0</uuid>
              <metadata>
                <libosinfo:libosinfo xmlns:libosinfo="http://libosinfo.org/xmlns/libvirt/domain/1.0">
                  <libosinfo:os id="http://ubuntu.com/ubuntu/24.04"/>
                </libosinfo:libosinfo>
              </metadata>
              <memory unit='KiB'>2097153</memory>
              <currentMemory unit='KiB'>1048576</currentMemory>
              <vcpu placement='static'>4</vcpu>
              <os firmware='efi'>
                <type arch='x86_64' machine='pc-q35-8.2'>hvm</type>
                <loader readonly='yes' secure='yes' type='pflash'>/usr/share/OVMF/OVMF_CODE_4M.ms.fd</loader>
              </os>
              <cpu mode='host-model'><topology sockets='2' dies='1' cores='2' threads='1'/></cpu>
              <devices>
                <disk type='file' device='disk'>
                  <driver name='qemu' type='vmdk' discard='unmap'/>
                  <source file='/var/lib/libvirt/images/system.vmdk' index='2'/>
                  <target dev='vda' bus='virtio'/>
                </disk>
                <disk type='block' device='disk'>
                  <driver name='qemu' type='raw'/>
                  <source dev='/dev/vg0/data.raw'/>
                  <target dev='hdc' bus='ide'/>
                </disk>
                <disk type='file' device='cdrom'><target dev='sda' bus='sata'/></disk>
                <interface type='network'>
                  <mac address='52:54:00:9A:12:34'/>
                  <source network='default'/>
                  <model type='virtio'/>
                </interface>
                <interface type='bridge'><source bridge='br0'/><model type='rtl8139'/></interface>
                <tpm model='tpm-crb'/>
              </devices>
            </domain>
            """;

    @TempDir
    Path folder;

    @Override
    protected BackupFormat format() {
        return new LibvirtFormat();
    }

    @Override
    protected List<Sample> samples() {
        return List.of(new Sample("a VMDK and a raw disk",
                made -> new Sample.Made(write(made, DOMAIN),
                        List.of(SmallVmdk.content(), SmallVmdk.streamContent()))));
    }

    private static Path write(Path folder, String domain) throws IOException {
        SmallVmdk.sparse().write(folder.resolve("system.vmdk"));
        Files.write(folder.resolve("data.raw"), SmallVmdk.streamContent());
        return Files.writeString(folder.resolve("web-01.xml"), domain);
    }

    @Test
    void describesTheMachineAsNearAsVSphereHasIt() throws IOException {
        var ahci = new DiskController(DiskController.Type.AHCI, 0);
        var ide = new DiskController(DiskController.Type.IDE, 1);

        try (var backup = new LibvirtFormat().open(new FolderFile(write(folder, DOMAIN)))) {
            assertThat(backup.hardware()).contains(new Hardware("web-01",
                    new Hardware.Uuids(Optional.of(UUID.fromString("4dea22b3-1d52-d8f3-2516-782e98ab3fa0")),
                            Optional.empty()),
                    Optional.of("ubuntu64Guest"), Hardware.Firmware.EFI_SECURE_BOOT,
                    new Hardware.Processors(4, 2),
                    2049L << 20, List.of(ahci, ide),
                    List.of(new DiskAddress("disk-0", ahci, 0), new DiskAddress("disk-1", ide, 0)),
                    List.of(new NetworkAdapter(NetworkAdapter.Type.VMXNET3, Optional.of("default"),
                            Optional.of("52:54:00:9a:12:34")),
                            new NetworkAdapter(NetworkAdapter.Type.E1000, Optional.of("br0"),
                                    Optional.empty())),
                    List.of("The cdrom 'sda' is left out: its medium is no part of the backup.",
                            "disk-0 hung on virtio and hangs on AHCI: the guest needs a driver for that, and may call it"
                                    + " by another name.",
                            "A device 'tpm' is left out: vSphere has none that is like it.")));
        }
    }

    @Test
    void readsAChainOfQcow2BesideTheDescription() throws IOException {
        var qemu = new Qemu(folder);
        qemu.makeSource(3 << 20, SEED);
        qemu.img("convert", "-f", "raw", "-O", "qcow2", "source.raw", "base.qcow2");
        qemu.img("create", "-f", "qcow2", "-b", "base.qcow2", "-F", "qcow2", "system.qcow2");
        qemu.io("system.qcow2", "write -P 5 1M 100k");
        byte[] expected = qemu.bytesOf("system.qcow2", "qcow2");
        Path domain = write(folder,
                DOMAIN.replace("type='vmdk'", "type='qcow2'").replace("system.vmdk", "system.qcow2"));

        try (var backup = new LibvirtFormat().open(new FolderFile(domain))) {
            Disks.assertReads(backup.disks().getFirst(), expected, SEED);
            Qemu.assertAgreesWithMap(backup.disks().getFirst(), qemu.map("system.qcow2", "qcow2"));
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
        assertThat(DOMAIN).contains(damage.part());
        var file = new FolderFile(write(folder, DOMAIN.replace(damage.part(), damage.by())));

        assertThatExceptionOfType(FormatException.class).isThrownBy(() -> new LibvirtFormat().open(file))
                .withMessageStartingWith(folder.resolve("web-01.xml") + ": ")
                .withMessageContaining(damage.message());
        assertThat(file.isOpen()).isFalse();
    }

    static List<Damage> damages() {
        return List.of(
                new Damage(
                        "the driver type of the disk 'hdc' must be raw, qcow2, vmdk, vpc or vhdx but was ''",
                        "<driver name='qemu' type='raw'/>", ""),
                new Damage("but was 'luks'", "type='raw'", "type='luks'"),
                new Damage("the source of the disk 'vda' must be stated but is not",
                        "<source file='/var/lib/libvirt/images/system.vmdk' index='2'/>", ""),
                new Damage("must refer to a file", "/dev/vg0/data.raw", "/etc/passwd"),
                new Damage("must refer to a file", "/dev/vg0/data.raw", "/x/.."),
                new Damage("the memory must be stated but is not", "<memory unit='KiB'>2097153</memory>", ""),
                new Damage("the memory must be 1..68719476736 but was '-1'", ">2097153<", ">-1<"),
                new Damage("the memory must be 1..68719476736 but was '99999999999999'", ">2097153<",
                        ">99999999999999<"),
                new Damage("the unit of the memory must be b, KB, KiB … TiB but was 'pages'",
                        "<memory unit='KiB'", "<memory unit='pages'"),
                new Damage("the vcpu must be 1..4096 but was '0'", ">4</vcpu>", ">0</vcpu>"),
                new Damage("the threads must be 1..4096 but was '-1'", "threads='1'", "threads='-1'"),
                new Damage("must be well-formed XML but is not", "</domain>", ""),
                new Damage("must have no document type", "<domain type='kvm' id='3'>",
                        "<!DOCTYPE d SYSTEM 'file:///etc/passwd'><domain type='kvm' id='3'>"));
    }
}
