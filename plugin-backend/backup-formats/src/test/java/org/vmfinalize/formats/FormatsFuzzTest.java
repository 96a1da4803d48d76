package org.vmfinalize.formats;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.vmfinalize.formats.libvirt.LibvirtFormat;
import org.vmfinalize.formats.ovf.OvaFormat;
import org.vmfinalize.formats.ovf.OvfFormat;
import org.vmfinalize.formats.qcow2.Qcow2Format;
import org.vmfinalize.formats.qcow2.SmallImage;
import org.vmfinalize.formats.tar.TarWriter;
import org.vmfinalize.formats.vhd.SmallVhd;
import org.vmfinalize.formats.vhd.SmallVhdx;
import org.vmfinalize.formats.vhd.VhdFormat;
import org.vmfinalize.formats.vhd.VhdxFormat;
import org.vmfinalize.formats.virtnbdbackup.StreamWriter;
import org.vmfinalize.formats.virtnbdbackup.VirtnbdbackupFormat;
import org.vmfinalize.formats.vmdk.SmallVmdk;
import org.vmfinalize.formats.vmdk.VmdkFormat;
import org.vmfinalize.formats.yaml.YamlFormat;

/// Whatever is in a file: it is read or refused, as [ReadOrRefuse] says.
class FormatsFuzzTest {

    private static final int PATCH_BYTES = 4;

    @MethodSource("qcow2Images")
    @FuzzTest
    void anyQcow2(byte[] input) {
        ReadOrRefuse.file(new Qcow2Format(), "top", input);
    }

    static Stream<byte[]> qcow2Images() {
        return Corpus.of("anyQcow2", SmallImage.make().toBytes(),
                SmallImage.make().putLong(SmallImage.L1, 0).withBacking("base", "raw").toBytes(),
                new byte[0]);
    }

    @MethodSource("vmdkImages")
    @FuzzTest
    void anyVmdk(byte[] input) {
        ReadOrRefuse.file(new VmdkFormat(), "top.vmdk", input);
    }

    static Stream<byte[]> vmdkImages() {
        return Corpus.of("anyVmdk", SmallVmdk.sparse().toBytes(), SmallVmdk.stream().toBytes(),
                SmallVmdk.descriptor("vmfs", "ffffffff", "", "RW 8 VMFS \"top-flat.vmdk\"")
                        .getBytes(StandardCharsets.UTF_8));
    }

    /// The input is where to change a sound image, and to what; the checksums are right all the same.
    @MethodSource("patches")
    @FuzzTest
    void anyVhd(byte[] input) {
        var image = SmallVhd.dynamic();
        patch(image.bytes(), input);
        ReadOrRefuse.file(new VhdFormat(), "top.vhd", image.sum().bytes().array());
    }

    /// As [#anyVhd(byte[])]. What counts lies in the first 64 KiB of each of three MiB and in the headers.
    @MethodSource("patches")
    @FuzzTest
    void anyVhdx(byte[] input) {
        var image = SmallVhdx.dynamic();
        patch(image.bytes(), input);
        ReadOrRefuse.file(new VhdxFormat(), "top.vhdx", image.sum().bytes().array());
    }

    static Stream<byte[]> patches() {
        return Corpus.of("patches", new byte[0], new byte[]{0, 0, 0, 1},
                new byte[]{0, 1, 0, 4, 1, 0, 8, (byte) 0xff},
                new byte[]{2, 0, 60, 3, 0, 6, 3, 7});
    }

    private static void patch(ByteBuffer image, byte[] input) {
        for (int at = 0; at + PATCH_BYTES <= input.length; at += PATCH_BYTES) {
            int region = Byte.toUnsignedInt(input[at]) % 8;
            int place = Byte.toUnsignedInt(input[at + 1]) << 8 | Byte.toUnsignedInt(input[at + 2]);
            int offset = region < 4 ? region << 16 | place : ((region - 4) << 20) + place;
            image.put(offset % image.limit(), input[at + 3]);
        }
    }

    @MethodSource("archives")
    @FuzzTest
    void anyOva(byte[] input) {
        ReadOrRefuse.file(new OvaFormat(), "vm.ova", input);
    }

    static Stream<byte[]> archives() {
        byte[] descriptor = "<Envelope/>".getBytes(StandardCharsets.UTF_8);
        return Corpus.of("anyOva", new TarWriter().file("vm.ovf", descriptor).end(),
                new TarWriter().pax("path", "vm.ovf").file("x", descriptor).file("y", new byte[5])
                        .withoutEnd());
    }

    @MethodSource("packages")
    @FuzzTest
    void anyOvf(byte[] input) {
        ReadOrRefuse.file(new OvfFormat(), "vm.ovf", input);
    }

    static Stream<byte[]> packages() {
        return Corpus.of("anyOvf", """
                <Envelope xmlns:o="o"><References><File o:id="f" o:href="d" o:size="9"/></References>
                <DiskSection><Disk o:diskId="a" o:capacity="4" o:capacityAllocationUnits="byte * 2^20"/>
                <Disk o:diskId="b" o:fileRef="f" o:capacity="1" o:format="vmdk"/></DiskSection>
                <VirtualSystem><Name>n</Name><VirtualHardwareSection>
                <Item><ResourceType>3</ResourceType><VirtualQuantity>2</VirtualQuantity></Item>
                <Item><ResourceType>4</ResourceType><VirtualQuantity>2</VirtualQuantity></Item>
                <Item><ResourceType>6</ResourceType><InstanceID>1</InstanceID><Address>0</Address></Item>
                <Item><ResourceType>17</ResourceType><Parent>1</Parent><AddressOnParent>7</AddressOnParent>
                <HostResource>ovf:/disk/a</HostResource></Item>
                <Item><ResourceType>10</ResourceType><Address>00:50:56:00:00:01</Address></Item>
                </VirtualHardwareSection></VirtualSystem></Envelope>
                """.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("domains")
    @FuzzTest
    void anyDomain(byte[] input) {
        ReadOrRefuse.file(new LibvirtFormat(), "vm.xml", input);
    }

    static Stream<byte[]> domains() {
        return Corpus.of("anyDomain",
                """
                        <domain><name>n</name><memory unit='MiB'>64</memory><vcpu>2</vcpu><os><type machine='q35'>hvm</type></os>
                        <devices><disk><driver type='raw'/><source file='/x/d'/><target dev='hdb' bus='ide'/></disk>
                        <disk><driver type='raw'/><source file='/x/e'/><target dev='vda' bus='virtio'/></disk>
                        <interface><mac address='52:54:00:00:00:01'/></interface></devices></domain>
                        """
                        .getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("descriptions")
    @FuzzTest
    void anyYaml(byte[] input) {
        ReadOrRefuse.file(new YamlFormat(), "backup.yaml", input);
    }

    static Stream<byte[]> descriptions() {
        return Corpus.of("anyYaml", """
                vmFinalizeBackup: 1
                name: n
                processors: 2
                memory: 64 MiB
                disks: [{file: d, format: raw, controller: ide, bus: 1, unit: 1}, {file: e, format: raw}]
                networkAdapters: [{mac: 00:50:56:00:00:01}]
                """.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("streams")
    @FuzzTest
    void anyStream(byte[] input) {
        ReadOrRefuse.file(new VirtnbdbackupFormat(), "vda.full.data", input);
    }

    static Stream<byte[]> streams() {
        return Corpus.of("anyStream", StreamWriter.full().end());
    }
}
