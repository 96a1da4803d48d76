package org.vmfinalize.formats;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.function.LongUnaryOperator;
import org.vmfinalize.backup.BackupDisk;
import org.vmfinalize.backup.BackupFormat;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.Extent;
import org.vmfinalize.backup.kit.FolderFile;
import org.vmfinalize.formats.libvirt.LibvirtFormat;
import org.vmfinalize.formats.ovf.OvaFormat;
import org.vmfinalize.formats.qcow2.Qcow2Format;
import org.vmfinalize.formats.qcow2.SmallImage;
import org.vmfinalize.formats.tar.TarWriter;
import org.vmfinalize.formats.vhd.SmallVhd;
import org.vmfinalize.formats.vhd.SmallVhdx;
import org.vmfinalize.formats.vhd.VhdFormat;
import org.vmfinalize.formats.vhd.VhdxFormat;
import org.vmfinalize.formats.virtnbdbackup.VirtnbdbackupFormat;
import org.vmfinalize.formats.vmdk.SmallVmdk;
import org.vmfinalize.formats.vmdk.VmdkFormat;
import org.vmfinalize.formats.yaml.YamlFormat;

/// Makes the images that cost most, opens each and reads it: a program of its own, so that its heap can be bounded from
/// outside.
///
/// It prints a line for each: its name, how many milliseconds of processor time the step took that took longest, and how
/// many reads of the file the step made that made most. A step is the opening, an extent, or a read of 1 MiB.
final class MalformedImages {

    private static final int ENTRIES = 4 << 20;
    private static final int READ_BYTES = 1 << 20;
    private static final long MEBIBYTE = 1 << 20;

    /// Where the first tables of a file are, and the second ones, or the blocks.
    private static final int DIRECTORY = 1 << 20;
    private static final long TABLES = 64 << 20;

    /// What an image costs does not change further on; walking all of each would take minutes.
    private static final int MAX_STEPS = 30;

    private MalformedImages() {}

    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        // What is measured is the format, and not how long Java takes to load its classes.
        open(new Qcow2Format(), SmallImage.make().write(folder.resolve("warm.qcow2")));
        measure("qcow2, an L1 table of 4 Mi entries that all differ", new Qcow2Format(),
                qcow2(folder.resolve("differing.qcow2"), entry -> TABLES + entry * 512));
        measure("qcow2, tables of which each lies in another page", new Qcow2Format(),
                qcow2(folder.resolve("scattered.qcow2"),
                        entry -> TABLES + entry * 0x9_e377L % ENTRIES * 512));
        measure("qcow2, an L1 table of 4 Mi entries that are all the same", new Qcow2Format(),
                qcow2(folder.resolve("same.qcow2"), _ -> TABLES));
        measure("qcow2, an L1 table of 4 Mi entries of which one is there", new Qcow2Format(),
                qcow2(folder.resolve("empty.qcow2"), entry -> entry == ENTRIES - 1 ? TABLES : 0));
        measure("qcow2, no cluster beside its neighbours", new Qcow2Format(),
                scattered(folder.resolve("clusters.qcow2")));
        measure("qcow2, a chain of 64 with empty tables", new Qcow2Format(), chain(folder));
        measure("VMDK, a directory of 2 Mi entries", new VmdkFormat(), vmdk(folder.resolve("large.vmdk")));
        measure("VMDK, a directory of 2 Mi entries that all differ", new VmdkFormat(),
                tables(folder.resolve("differing.vmdk")));
        measure("COWD, a directory of 256 Ki entries", new VmdkFormat(), cowd(folder));
        measure("SESparse, a directory of 1 Mi entries", new VmdkFormat(), seSparse(folder));
        measure("VHD, a table of 2 Mi entries", new VhdFormat(), vhd(folder.resolve("large.vhd")));
        measure("VHDX, a table of 2 Mi entries", new VhdxFormat(), vhdx(folder.resolve("large.vhdx")));
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
        Costs costs = open(format, file);
        System.out.printf("%s\t%d\t%d%n", name, costs.millis, costs.reads);
        Files.delete(file);
    }

    private static Costs open(BackupFormat format, Path path) throws IOException {
        var file = new FolderFile(path);
        var costs = new Costs(file);
        try (var backup = costs.of(() -> format.open(file))) {
            for (BackupDisk disk : backup.disks()) {
                costs.ofWalk(disk.extents(new ByteRange(0, disk.size())));
                costs.ofWalk(disk.readOrder());
                for (long start : new long[]{0, disk.size() / 2, Math.max(0, disk.size() - READ_BYTES)}) {
                    var target = ByteBuffer.allocate((int) Math.min(READ_BYTES, disk.size() - start));
                    costs.of(() -> {
                        disk.read(target, start);
                        return target;
                    });
                }
            }
        } catch (IOException | UncheckedIOException _) {
            // Refused: that may cost no more.
        }
        return costs;
    }

    private interface Step<T> {
        T take() throws IOException;
    }

    /// What the steps cost that cost most.
    private static final class Costs {

        private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        private final FolderFile file;
        private long millis;
        private long reads;

        private Costs(FolderFile file) {
            this.file = file;
        }

        private <T> T of(Step<T> step) throws IOException {
            clearReads(file);
            long start = threads.getCurrentThreadCpuTime();
            try {
                return step.take();
            } finally {
                millis = Math.max(millis, (threads.getCurrentThreadCpuTime() - start) / 1_000_000);
                reads = Math.max(reads, clearReads(file));
            }
        }

        /// The file remembers each, which is not what is measured.
        ///
        /// @return how many there were, of all files of its chain
        private static long clearReads(FolderFile file) {
            long count = file.reads().size();
            file.reads().clear();
            for (var sibling : file.siblings()) {
                count += clearReads(sibling);
            }
            return count;
        }

        private void ofWalk(Iterator<Extent> extents) throws IOException {
            for (int i = 0; i < MAX_STEPS && of(extents::hasNext); i++) {
                of(extents::next);
            }
        }
    }

    private static Path qcow2(Path file, LongUnaryOperator offset) throws IOException {
        // Clusters of 512 bytes, of which a table maps 32 KiB.
        SmallImage.make().put(20, 9).putLong(24, (long) ENTRIES * (32 << 10)).put(36, ENTRIES)
                .putLong(40, DIRECTORY).write(file);
        return put(file, TABLES + ENTRIES * 512L, DIRECTORY, ENTRIES,
                (table, entry) -> table.putLong(offset.applyAsLong(entry)));
    }

    /// 64 Ki clusters of 64 KiB, in tables of one cluster each.
    private static Path scattered(Path file) throws IOException {
        int cluster = 64 << 10;
        int clusters = 1 << 16;
        int tableEntries = cluster / Long.BYTES;
        SmallImage.make().put(20, 16).putLong(24, (long) clusters * cluster)
                .put(36, clusters / tableEntries).putLong(40, DIRECTORY).write(file);
        put(file, 2 * TABLES + (long) clusters * cluster, DIRECTORY, clusters / tableEntries,
                (table, entry) -> table.putLong(TABLES + entry * cluster));
        return put(file, 2 * TABLES + (long) clusters * cluster, TABLES, clusters,
                (table, entry) -> table.putLong(2 * TABLES + entry * 0x9e37L % clusters * cluster));
    }

    private static Path chain(Path folder) throws IOException {
        int entries = 1 << 10;
        for (int i = 0; i < 64; i++) {
            var image = SmallImage.make().put(20, 9).putLong(24, (long) entries * (32 << 10)).put(36, entries)
                    .putLong(40, DIRECTORY);
            if (i < 63) {
                image.withBacking("chain-%d.qcow2".formatted(i + 1), "qcow2");
            }
            put(image.write(folder.resolve("chain-%d.qcow2".formatted(i))), TABLES + entries * 512L,
                    DIRECTORY, entries, (table, entry) -> table.putLong(TABLES + entry * 512));
        }
        return folder.resolve("chain-0.qcow2");
    }

    private interface Entry {
        void put(ByteBuffer table, long index);
    }

    /// Puts a big-endian table into a file.
    private static Path put(Path file, long size, long offset, int entries, Entry entry) throws IOException {
        return put(file, size, offset, entries, ByteOrder.BIG_ENDIAN, entry);
    }

    private static Path put(Path file, long size, long offset, int entries, ByteOrder order, Entry entry)
            throws IOException {
        try (var raw = new RandomAccessFile(file.toFile(), "rw")) {
            raw.setLength(size);
            raw.seek(offset);
            var table = ByteBuffer.allocate(1 << 20).order(order);
            for (int index = 0; index < entries;) {
                table.clear();
                while (table.hasRemaining() && index < entries) {
                    entry.put(table, index++);
                }
                raw.write(table.array(), 0, table.position());
            }
        }
        return file;
    }

    private static Path vmdk(Path file) throws IOException {
        sparse(file);
        return put(file, 64L << 20, DIRECTORY, ENTRIES / 2, ByteOrder.LITTLE_ENDIAN,
                (table, entry) -> table.putInt((int) (entry << 10 | 1 << 16)));
    }

    private static Path tables(Path file) throws IOException {
        sparse(file);
        return put(file, TABLES + ENTRIES / 2 * 2048L, DIRECTORY, ENTRIES / 2, ByteOrder.LITTLE_ENDIAN,
                (table, entry) -> table.putInt((int) ((TABLES + entry * 2048) / 512)));
    }

    private static void sparse(Path file) throws IOException {
        var image = SmallVmdk.sparse().putLong(12, 1L << 33).putLong(56, DIRECTORY / 512);
        image.describe(SmallVmdk.descriptor("monolithicSparse", "ffffffff", "",
                "RW %d SPARSE \"%s\"".formatted(1L << 33, file.getFileName()))).write(file);
    }

    /// Grains of a sector; a table maps 2 MiB.
    private static Path cowd(Path folder) throws IOException {
        long tableSectors = 32;
        Path delta = SmallVmdk.cowd().putInt(12, ENTRIES / 16 * 4096)
                .putInt(20, DIRECTORY / 512).putInt(24, ENTRIES / 16)
                .write(folder.resolve("cowd-delta.vmdk"));
        put(delta, TABLES + ENTRIES / 16 * tableSectors * 512L, DIRECTORY, ENTRIES / 16,
                ByteOrder.LITTLE_ENDIAN,
                (table, entry) -> table.putInt((int) (TABLES / 512 + entry * tableSectors)));
        return Files.writeString(folder.resolve("cowd.vmdk"), SmallVmdk.descriptor("vmfsSparse", "ffffffff",
                "", "RW %d VMFSSPARSE \"cowd-delta.vmdk\"".formatted(ENTRIES / 16 * 4096L)));
    }

    /// Grains of 4 KiB; a table has 32 KiB and maps 16 MiB.
    private static Path seSparse(Path folder) throws IOException {
        int entries = 1 << 20;
        long tables = 32L << 10;
        Path delta = SmallVmdk.seSparse().putLong(16, entries * 4096L * 8)
                .putLong(128, DIRECTORY / 512).putLong(136, entries * 8 / 512).putLong(144, TABLES / 512)
                .putLong(152, entries * tables / 512).putLong(192, TABLES / 512 + entries * tables / 512)
                .write(folder.resolve("se-delta.vmdk"));
        put(delta, TABLES + entries * tables, DIRECTORY, entries, ByteOrder.LITTLE_ENDIAN,
                (table, entry) -> table.putLong(0x1000_0000L << 32 | entry));
        return Files.writeString(folder.resolve("se.vmdk"), SmallVmdk.descriptor("seSparse", "ffffffff", "",
                "RW %d SESPARSE \"se-delta.vmdk\"".formatted(entries * 4096L * 8)));
    }

    private static Path vhd(Path file) throws IOException {
        var image = SmallVhd.dynamic();
        image.bytes().putLong(48, (long) ENTRIES / 2 * SmallVhd.BLOCK).putLong(528, DIRECTORY).putInt(540,
                ENTRIES / 2);
        image.sum().write(file);
        return put(file, TABLES + ENTRIES * 9000L, DIRECTORY, ENTRIES / 2,
                (table, entry) -> table.putInt((int) (TABLES / 512 + entry * 17)));
    }

    /// Each other block is there.
    private static Path vhdx(Path file) throws IOException {
        // One entry of 4097 is that of a bitmap.
        long blocks = ENTRIES / 2 - 1024;
        var image = SmallVhdx.dynamic().large(blocks * MEBIBYTE, TABLES, 16 << 20);
        image.write(file);
        return put(file, TABLES * 2 + blocks / 2 * MEBIBYTE, TABLES, ENTRIES / 2, ByteOrder.LITTLE_ENDIAN,
                (table, entry) -> table.putLong(entry % 2 == 0 ? 2 : TABLES * 2 + entry / 2 * MEBIBYTE + 6));
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
