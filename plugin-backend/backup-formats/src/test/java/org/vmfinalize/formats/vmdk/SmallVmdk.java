package org.vmfinalize.formats.vmdk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.Deflater;

/// VMDK files of 16 grains of 4 KiB, made without QEMU, for what it does not make and for breaking them.
public final class SmallVmdk {

    static final int SECTOR = 512;
    static final int GRAIN = 4096;
    static final int DISK_SIZE = 16 * GRAIN;
    static final int DESCRIPTOR = SECTOR;

    /// Of the sparse file: the directory, the table, and the grains 0 and 1.
    static final int DIRECTORY = 3 * SECTOR;
    static final int TABLE = 4 * SECTOR;
    static final int GRAINS = 8 * SECTOR;

    /// Of the stream: the grains 0 and 3, the table, the directory and the footer.
    static final int STREAM_GRAIN_0 = 3 * SECTOR;
    static final int STREAM_GRAIN_3 = 4 * SECTOR;
    static final int STREAM_TABLE = 6 * SECTOR;
    static final int STREAM_DIRECTORY = 11 * SECTOR;
    static final int FOOTER = 13 * SECTOR;

    /// Of the extent of a snapshot on VMFS 6.
    static final int SE_DIRECTORY = 2 * SECTOR;
    static final int SE_TABLE = 3 * SECTOR;
    static final int SE_GRAINS = 67 * SECTOR;

    private static final int STREAM_FLAGS = 0x3_0001;

    final ByteBuffer bytes;

    private SmallVmdk(int size) {
        this.bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    /// A monolithicSparse file: grains of letters a and b, a grain of zeros, then nothing.
    public static SmallVmdk sparse() {
        var image = new SmallVmdk(GRAINS + 2 * GRAIN).header(0, DIRECTORY).put(8, 7)
                .describe(descriptor("monolithicSparse", "ffffffff", "",
                        "RW %d SPARSE \"top.vmdk\"".formatted(DISK_SIZE / SECTOR)));
        image.put(DIRECTORY, TABLE / SECTOR);
        image.put(TABLE, GRAINS / SECTOR).put(TABLE + 4, (GRAINS + GRAIN) / SECTOR).put(TABLE + 8, 1);
        image.bytes.put(GRAINS, content(), 0, 2 * GRAIN);
        return image;
    }

    /// A streamOptimized file whose directory is known to its footer only, as ESXi exports it: grains of letters a and d.
    public static SmallVmdk stream() {
        var image = new SmallVmdk(15 * SECTOR);
        for (int header : new int[]{0, FOOTER}) {
            image.header(header, STREAM_DIRECTORY).put(header + 4, 3).put(header + 8, STREAM_FLAGS);
            image.bytes.putShort(header + 77, (short) 1);
        }
        image.putLong(56, -1).describe(descriptor("streamOptimized", "ffffffff", "",
                "RW %d SPARSE \"top.vmdk\"".formatted(DISK_SIZE / SECTOR)));
        image.grain(STREAM_GRAIN_0, 0, 'a').grain(STREAM_GRAIN_3, 3, 'd');
        image.marker(5, 4, 1).marker(10, 1, 2).marker(12, 1, 3);
        image.put(STREAM_TABLE, STREAM_GRAIN_0 / SECTOR).put(STREAM_TABLE + 12, STREAM_GRAIN_3 / SECTOR);
        image.put(STREAM_DIRECTORY, STREAM_TABLE / SECTOR);
        return image;
    }

    /// An extent of an ESXi snapshot with grains of a sector: those of byte 4096 to 5119 have the letter c.
    public static SmallVmdk cowd() {
        var image = new SmallVmdk(4096 + 4 * 4096 + 2 * SECTOR);
        image.bytes.put(0, "COWD".getBytes(StandardCharsets.US_ASCII));
        image.put(4, 1).put(8, 3).put(12, DISK_SIZE / SECTOR).put(16, 1).put(20, 4).put(24, 1);
        image.put(4 * SECTOR, 8);
        image.put(4096 + 8 * 4, 40).put(4096 + 9 * 4, 41);
        image.bytes.put(40 * SECTOR, "c".repeat(2 * SECTOR).getBytes(StandardCharsets.US_ASCII));
        return image;
    }

    /// An extent of a snapshot on VMFS 6: grain 1 of letters e, grain 3 of letters f, grain 0 and 2 of zeros.
    public static SmallVmdk seSparse() {
        var image = new SmallVmdk(SE_GRAINS + 2 * GRAIN);
        image.putLong(0, 0xcafe_babeL).putLong(8, 0x2_0000_0001L).putLong(16, DISK_SIZE / SECTOR)
                .putLong(24, 8)
                .putLong(32, 64).putLong(80, 1).putLong(88, 1).putLong(128, SE_DIRECTORY / SECTOR)
                .putLong(136, 1)
                .putLong(144, SE_TABLE / SECTOR).putLong(152, 64).putLong(192, SE_GRAINS / SECTOR)
                .putLong(200, 16);
        image.putLong(SECTOR, 0xcafe_cafeL);
        image.putLong(SE_DIRECTORY, 0x1000_0000L << 32);
        image.putLong(SE_TABLE, 2L << 60).putLong(SE_TABLE + 8, 3L << 60 | 1L << 48)
                .putLong(SE_TABLE + 16, 1L << 60)
                .putLong(SE_TABLE + 24, 3L << 60);
        image.bytes.put(SE_GRAINS, "f".repeat(GRAIN).getBytes(StandardCharsets.US_ASCII));
        image.bytes.put(SE_GRAINS + GRAIN, "e".repeat(GRAIN).getBytes(StandardCharsets.US_ASCII));
        return image;
    }

    public static String descriptor(String type, String parentCid, String parent, String... extents) {
        return """
                # Disk DescriptorFile
                version=1
                CID=12345678
                parentCID=%s
                createType="%s"
                %s
                # Extent description
                %s

                ddb.adapterType = "lsilogic"
                """.formatted(parentCid, type,
                parent.isEmpty() ? "" : "parentFileNameHint=\"%s\"".formatted(parent),
                String.join("\n", extents));
    }

    private SmallVmdk header(int at, int directory) {
        put(at, SparseHeader.MAGIC).put(at + 4, 2).putLong(at + 12, DISK_SIZE / SECTOR)
                .putLong(at + 20, GRAIN / SECTOR).putLong(at + 28, 1).putLong(at + 36, 2).put(at + 44, 512)
                .putLong(at + 56, directory / SECTOR).put(at + 73, 0x0a0d_200a);
        return this;
    }

    public SmallVmdk describe(String descriptor) {
        byte[] text = descriptor.getBytes(StandardCharsets.UTF_8);
        bytes.put(DESCRIPTOR, Arrays.copyOf(text, 2 * SECTOR));
        return this;
    }

    private SmallVmdk grain(int at, int index, char letter) {
        byte[] stream = deflate(Character.toString(letter).repeat(GRAIN).getBytes(StandardCharsets.US_ASCII));
        putLong(at, (long) index * GRAIN / SECTOR).put(at + 8, stream.length);
        bytes.put(at + 12, stream);
        return this;
    }

    private SmallVmdk marker(int sector, int sectors, int type) {
        return putLong(sector * SECTOR, sectors).put(sector * SECTOR + 12, type);
    }

    public SmallVmdk putInt(int offset, int value) {
        return put(offset, value);
    }

    SmallVmdk put(int offset, int value) {
        bytes.putInt(offset, value);
        return this;
    }

    public SmallVmdk putLong(int offset, long value) {
        bytes.putLong(offset, value);
        return this;
    }

    public byte[] toBytes() {
        return bytes.array().clone();
    }

    public Path write(Path file) throws IOException {
        return Files.write(file, toBytes());
    }

    /// The disk of [#sparse()].
    public static byte[] content() {
        byte[] disk = new byte[DISK_SIZE];
        Arrays.fill(disk, 0, GRAIN, (byte) 'a');
        Arrays.fill(disk, GRAIN, 2 * GRAIN, (byte) 'b');
        return disk;
    }

    /// The disk of [#stream()].
    public static byte[] streamContent() {
        byte[] disk = new byte[DISK_SIZE];
        Arrays.fill(disk, 0, GRAIN, (byte) 'a');
        Arrays.fill(disk, 3 * GRAIN, 4 * GRAIN, (byte) 'd');
        return disk;
    }

    static byte[] deflate(byte[] data) {
        var deflater = new Deflater();
        try {
            deflater.setInput(data);
            deflater.finish();
            byte[] out = new byte[data.length + 100];
            return Arrays.copyOf(out, deflater.deflate(out));
        } finally {
            deflater.end();
        }
    }
}
