package org.vmfinalize.formats;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.vmfinalize.backup.BackupDisk;
import org.vmfinalize.backup.BackupFormat;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.Extent;
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

/// Whatever is in a file: it is read, or refused with an [IOException]. No file is left open, none is read outside of its
/// bytes, and extents go forward.
class FormatsFuzzTest {

    private static final int MAX_READ = 64 << 10;
    private static final int MAX_EXTENTS = 2000;
    private static final int PATCH_BYTES = 4;

    @MethodSource("qcow2Images")
    @FuzzTest
    void anyQcow2(byte[] input) {
        readOrRefuse(new Qcow2Format(), "top", input);
    }

    static Stream<byte[]> qcow2Images() {
        return Stream.of(SmallImage.make().toBytes(),
                SmallImage.make().putLong(SmallImage.L1, 0).withBacking("base", "raw").toBytes(),
                new byte[0]);
    }

    @MethodSource("vmdkImages")
    @FuzzTest
    void anyVmdk(byte[] input) {
        readOrRefuse(new VmdkFormat(), "top.vmdk", input);
    }

    static Stream<byte[]> vmdkImages() {
        return Stream.of(SmallVmdk.sparse().toBytes(), SmallVmdk.stream().toBytes(),
                SmallVmdk.descriptor("vmfs", "ffffffff", "", "RW 8 VMFS \"top-flat.vmdk\"")
                        .getBytes(StandardCharsets.UTF_8));
    }

    /// The input is where to change a sound image, and to what; the checksums are right all the same.
    @MethodSource("patches")
    @FuzzTest
    void anyVhd(byte[] input) {
        var image = SmallVhd.dynamic();
        patch(image.bytes(), input);
        readOrRefuse(new VhdFormat(), "top.vhd", image.sum().bytes().array());
    }

    /// As [#anyVhd(byte[])]. What counts lies in the first 64 KiB of each of three MiB and in the headers.
    @MethodSource("patches")
    @FuzzTest
    void anyVhdx(byte[] input) {
        var image = SmallVhdx.dynamic();
        patch(image.bytes(), input);
        readOrRefuse(new VhdxFormat(), "top.vhdx", image.sum().bytes().array());
    }

    static Stream<byte[]> patches() {
        return Stream.of(new byte[0], new byte[]{0, 0, 0, 1}, new byte[]{0, 1, 0, 4, 1, 0, 8, (byte) 0xff},
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
        readOrRefuse(new OvaFormat(), "vm.ova", input);
    }

    static Stream<byte[]> archives() {
        byte[] descriptor = "<Envelope/>".getBytes(StandardCharsets.UTF_8);
        return Stream.of(new TarWriter().file("vm.ovf", descriptor).end(),
                new TarWriter().pax("path", "vm.ovf").file("x", descriptor).file("y", new byte[5])
                        .withoutEnd());
    }

    @MethodSource("packages")
    @FuzzTest
    void anyOvf(byte[] input) {
        readOrRefuse(new OvfFormat(), "vm.ovf", input);
    }

    static Stream<byte[]> packages() {
        return Stream.of("""
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
        readOrRefuse(new LibvirtFormat(), "vm.xml", input);
    }

    static Stream<byte[]> domains() {
        return Stream
                .of("""
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
        readOrRefuse(new YamlFormat(), "backup.yaml", input);
    }

    static Stream<byte[]> descriptions() {
        return Stream.of("""
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
        readOrRefuse(new VirtnbdbackupFormat(), "vda.full.data", input);
    }

    static Stream<byte[]> streams() {
        return Stream.of(StreamWriter.full().end());
    }

    private static void readOrRefuse(BackupFormat format, String name, byte[] bytes) {
        var file = new MemoryFile(name, bytes);
        try (var question = new MemoryFile(name, bytes)) {
            int sureness = format.recognises(question);
            if (sureness < 0 || sureness > 100) {
                throw new AssertionError("the sureness must be 0..100 but was " + sureness);
            }
        } catch (IOException _) {
            // It may find out at once.
        }
        try (var backup = format.open(file)) {
            for (var disk : backup.disks()) {
                readSome(disk);
                walk(disk.extents(new ByteRange(0, disk.size())), true);
                walk(disk.readOrder(), false);
            }
            backup.hardware();
        } catch (IOException | UncheckedIOException _) {
            // Refused, as it should be.
        }
        if (file.open() != 0) {
            throw new AssertionError("%d files were left open".formatted(file.open()));
        }
    }

    private static void readSome(BackupDisk disk) throws IOException {
        for (long start : new long[]{0, disk.size() / 3, Math.max(0, disk.size() - MAX_READ)}) {
            disk.read(ByteBuffer.allocate((int) Math.min(MAX_READ, disk.size() - start)), start);
        }
    }

    private static void walk(Iterator<Extent> extents, boolean ascending) {
        long position = 0;
        for (int i = 0; i < MAX_EXTENTS && extents.hasNext(); i++) {
            ByteRange range = extents.next().range();
            if (range.isEmpty() || (ascending && range.start() != position)) {
                throw new AssertionError("an extent must begin at %d but was %s".formatted(position, range));
            }
            position = range.end();
        }
    }
}
