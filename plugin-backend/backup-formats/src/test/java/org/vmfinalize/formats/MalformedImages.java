package org.vmfinalize.formats;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongUnaryOperator;
import org.vmfinalize.backup.BackupFormat;
import org.vmfinalize.backup.kit.FolderFile;
import org.vmfinalize.formats.libvirt.LibvirtFormat;
import org.vmfinalize.formats.ovf.OvaFormat;
import org.vmfinalize.formats.qcow2.Qcow2Format;
import org.vmfinalize.formats.qcow2.SmallImage;
import org.vmfinalize.formats.tar.TarWriter;
import org.vmfinalize.formats.vhd.SmallVhd;
import org.vmfinalize.formats.vhd.VhdFormat;
import org.vmfinalize.formats.virtnbdbackup.VirtnbdbackupFormat;
import org.vmfinalize.formats.vmdk.SmallVmdk;
import org.vmfinalize.formats.vmdk.VmdkFormat;
import org.vmfinalize.formats.yaml.YamlFormat;

/// Makes the images that cost most and opens each: a program of its own, so that its heap can be bounded from outside.
///
/// It prints a line for each: its name and how many milliseconds of processor time the opening took.
final class MalformedImages {

    private static final int ENTRIES = 4 << 20;

    private MalformedImages() {}

    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        // What is measured is the format, and not how long Java takes to load its classes.
        open(new Qcow2Format(), SmallImage.make().write(folder.resolve("warm.qcow2")));
        measure("qcow2, an L1 table of 4 Mi entries that all differ", new Qcow2Format(),
                qcow2(folder.resolve("differing.qcow2"), entry -> (64L << 20) + entry * 512));
        measure("qcow2, an L1 table of 4 Mi entries that are all the same", new Qcow2Format(),
                qcow2(folder.resolve("same.qcow2"), _ -> 64L << 20));
        measure("VMDK, a directory of 2 Mi entries", new VmdkFormat(), vmdk(folder.resolve("large.vmdk")));
        measure("VHD, a table of 2 Mi entries", new VhdFormat(), vhd(folder.resolve("large.vhd")));
        measure("virtnbdbackup, a million frames", new VirtnbdbackupFormat(),
                frames(folder.resolve("vda.full.data")));
        measure("virtnbdbackup, half a million compressed pieces", new VirtnbdbackupFormat(),
                pieces(folder.resolve("vdb.full.data")));
        measure("XML of 4 MiB and many elements", new LibvirtFormat(), text(folder.resolve("many.xml"),
                "<domain>" + "<a b='1'/>".repeat(400_000)));
        measure("XML of 4 MiB and one text", new LibvirtFormat(), text(folder.resolve("long.xml"),
                "<domain>" + "x".repeat(4_000_000) + "</domain>"));
        measure("YAML of many levels", new YamlFormat(),
                text(folder.resolve("deep.yaml"), "[".repeat(60_000)));
        measure("YAML of many keys", new YamlFormat(),
                text(folder.resolve("keys.yaml"), "a: [" + "{},".repeat(20_000)));
        measure("tar of 4096 members", new OvaFormat(), archive(folder.resolve("many.ova")));
    }

    private static void measure(String name, BackupFormat format, Path file) throws IOException {
        var threads = ManagementFactory.getThreadMXBean();
        long start = threads.getCurrentThreadCpuTime();
        open(format, file);
        System.out.printf("%s\t%d%n", name, (threads.getCurrentThreadCpuTime() - start) / 1_000_000);
        Files.delete(file);
    }

    private static void open(BackupFormat format, Path file) {
        try (var _ = format.open(new FolderFile(file))) {
            // Opened: it was sound after all.
        } catch (IOException _) {
            // Refused: that may cost no more.
        }
    }

    private static Path qcow2(Path file, LongUnaryOperator offset) throws IOException {
        int l1 = 1 << 20;
        // Clusters of 512 bytes, of which a table maps 32 KiB.
        SmallImage.make().put(20, 9).putLong(24, (long) ENTRIES * (32 << 10)).put(36, ENTRIES).putLong(40, l1)
                .write(file);
        try (var raw = new RandomAccessFile(file.toFile(), "rw")) {
            raw.setLength((64L << 20) + ENTRIES * 512L);
            var table = ByteBuffer.allocate(1 << 20);
            for (long entry = 0; entry < ENTRIES;) {
                table.clear();
                while (table.hasRemaining()) {
                    table.putLong(offset.applyAsLong(entry++));
                }
                raw.seek(l1 + entry * Long.BYTES - table.limit());
                raw.write(table.array());
            }
        }
        return file;
    }

    private static Path vmdk(Path file) throws IOException {
        var image = SmallVmdk.sparse().putLong(12, 1L << 33).putLong(56, 2048);
        image.describe(SmallVmdk.descriptor("monolithicSparse", "ffffffff", "",
                "RW %d SPARSE \"large.vmdk\"".formatted(1L << 33))).write(file);
        try (var raw = new RandomAccessFile(file.toFile(), "rw")) {
            raw.setLength(64L << 20);
            raw.seek(1 << 20);
            byte[] part = new byte[1 << 20];
            for (int i = 0; i < part.length; i += 4) {
                part[i + 1] = (byte) (i >>> 12);
                part[i + 2] = 1;
            }
            for (int i = 0; i < 8; i++) {
                raw.write(part);
            }
        }
        return file;
    }

    private static Path vhd(Path file) throws IOException {
        var image = SmallVhd.dynamic();
        image.bytes().putLong(48, (long) ENTRIES / 2 * SmallVhd.BLOCK).putLong(528, 1 << 20).putInt(540,
                ENTRIES / 2);
        image.sum().write(file);
        try (var raw = new RandomAccessFile(file.toFile(), "rw")) {
            raw.setLength((64L << 20) + ENTRIES * 9000L);
            var table = ByteBuffer.allocate(1 << 20);
            for (int entry = 0; entry < ENTRIES / 2;) {
                table.clear();
                while (table.hasRemaining()) {
                    table.putInt((64 << 10) + entry++ * 17);
                }
                raw.seek((1 << 20) + entry * 4L - table.limit());
                raw.write(table.array());
            }
        }
        return file;
    }

    private static Path frames(Path file) throws IOException {
        int frames = 1_000_000;
        String json = "{\"virtualSize\": 1000000, \"dataSize\": 0, \"diskName\": \"vda\", \"checkpointName\": \"c\"}";
        try (var out = Files.newBufferedWriter(file, StandardCharsets.US_ASCII)) {
            out.write("meta %016x %016x\r\n%s\r\n".formatted(0, json.length(), json));
            for (int i = 0; i < frames; i++) {
                String hex = Integer.toHexString(i);
                out.write("zero " + "0".repeat(16 - hex.length()) + hex + " 0000000000000001\r\n");
            }
            out.write("stop %016x %016x\r\n".formatted(0, 0));
        }
        return file;
    }

    private static Path pieces(Path file) throws IOException {
        int frames = 500_000;
        String json = "{\"virtualSize\": 1000000, \"dataSize\": 500000, \"diskName\": \"vdb\", \"checkpointName\": \"c\", \"compressed\": true}";
        try (var out = Files.newBufferedWriter(file, StandardCharsets.US_ASCII)) {
            out.write("meta %016x %016x\r\n%s\r\n".formatted(0, json.length(), json));
            for (int i = 0; i < frames; i++) {
                String hex = Integer.toHexString(i);
                out.write("data " + "0".repeat(16 - hex.length()) + hex + " 0000000000000001\r\nx\r\n");
            }
            String list = "[" + "1,".repeat(frames - 1) + "1]";
            out.write("stop %016x %016x\r\n%s\r\n".formatted(0, 0, list));
            out.write("comp %016x %016x\r\n".formatted(0, list.length()));
        }
        return file;
    }

    private static Path text(Path file, String text) throws IOException {
        return Files.writeString(file, text);
    }

    private static Path archive(Path file) throws IOException {
        var archive = new TarWriter();
        for (int i = 0; i < 4096; i++) {
            archive.file("member-" + i, new byte[0]);
        }
        return Files.write(file, archive.end());
    }
}
