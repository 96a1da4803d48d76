package org.vmfinalize.formats.vhd;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.UUID;
import java.util.zip.CRC32C;

/// VHDX disks of 3.5 blocks of 1 MiB, made without QEMU, for what it does not make and for breaking them.
///
///     MiB of the file  what
///                   0  signature, headers, region tables
///                   1  block allocation table
///                   2  metadata
///                   3  bitmap of sectors
///                   4  block 1, of letters
///                   5  block 2, of which a differencing disk has some sectors
///                   6  log, empty
public final class SmallVhdx {

    static final int MIB = 1 << 20;
    static final int DISK_SIZE = 7 * MIB / 2;
    static final int HEADER = 64 << 10;
    static final int REGIONS = 192 << 10;
    static final int TABLE = MIB;
    static final int METADATA = 2 * MIB;
    static final int BITMAP = 3 * MIB;
    static final int LOG = 6 * MIB;

    static final UUID BASE_DATA = UUID.fromString("11111111-2222-3333-4444-555555555555");

    final ByteBuffer bytes = ByteBuffer.allocate(7 * MIB).order(ByteOrder.LITTLE_ENDIAN);

    private SmallVhdx() {}

    /// Block 1 of letters a, block 2 of letters b, block 0 of zeros.
    public static SmallVhdx dynamic() {
        var image = new SmallVhdx().parts(0);
        image.bytes.putLong(TABLE, 2).putLong(TABLE + 8, 4L << 20 | 6).putLong(TABLE + 16, 5L << 20 | 6);
        return image.letters('a', 'b').sum();
    }

    /// On [#dynamic()]: block 0 as below, block 1 of letters c, and the sectors 3 to 99 of block 2 of letters d.
    static SmallVhdx differencing(String path) {
        return differencing(path, BASE_DATA);
    }

    static SmallVhdx differencing(String path, UUID parentData) {
        var image = new SmallVhdx().parts(2).locator(path, parentData);
        image.bytes.putLong(TABLE, 0).putLong(TABLE + 8, 4L << 20 | 6).putLong(TABLE + 16, 5L << 20 | 7);
        // The bitmap's entry follows those of the 4096 blocks of a chunk.
        image.bytes.putLong(TABLE + 4096 * 8, 3L << 20 | 6);
        for (int sector = 3; sector < 100; sector++) {
            int bit = 2 * MIB / 512 + sector;
            int at = BITMAP + bit / 8;
            image.bytes.put(at, (byte) (image.bytes.get(at) | 1 << bit % 8));
        }
        return image.letters('c', 'd').sum();
    }

    public static byte[] dynamicContent() {
        byte[] disk = new byte[DISK_SIZE];
        Arrays.fill(disk, MIB, 2 * MIB, (byte) 'a');
        Arrays.fill(disk, 2 * MIB, 3 * MIB, (byte) 'b');
        return disk;
    }

    static byte[] differencingContent() {
        byte[] disk = dynamicContent();
        Arrays.fill(disk, MIB, 2 * MIB, (byte) 'c');
        Arrays.fill(disk, 2 * MIB + 3 * 512, 2 * MIB + 100 * 512, (byte) 'd');
        return disk;
    }

    private SmallVhdx letters(char first, char second) {
        Arrays.fill(bytes.array(), 4 * MIB, 5 * MIB, (byte) first);
        Arrays.fill(bytes.array(), 5 * MIB, 6 * MIB, (byte) second);
        return this;
    }

    private SmallVhdx parts(int parameterFlags) {
        bytes.put(0, "vhdxfile".getBytes(StandardCharsets.US_ASCII));
        for (int header : new int[]{HEADER, 2 * HEADER}) {
            bytes.put(header, "head".getBytes(StandardCharsets.US_ASCII)).putLong(header + 8, header / HEADER)
                    .putShort(header + 66, (short) 1).putInt(header + 68, MIB).putLong(header + 72, LOG);
            guid(header + 32, BASE_DATA);
        }
        for (int regions : new int[]{REGIONS, REGIONS + HEADER}) {
            bytes.put(regions, "regi".getBytes(StandardCharsets.US_ASCII)).putInt(regions + 8, 2);
            region(regions + 16, "2dc27766-f623-4200-9d64-115e9bfd4a08", TABLE);
            region(regions + 48, "8b7ca206-4790-4b9a-b8fe-575f050f886e", METADATA);
        }
        bytes.put(METADATA, "metadata".getBytes(StandardCharsets.US_ASCII));
        item("caa16737-fa36-4d43-b3b6-33f0aa44e76b", 8).putInt(MIB).putInt(parameterFlags);
        item("2fa54224-cd1b-4876-b211-5dbed83bf4b8", 8).putLong(DISK_SIZE);
        item("8141bf1d-a96f-4709-ba47-f233a8faab5f", 4).putInt(512);
        item("cda348c7-445d-4471-9cc9-e9885251c556", 4).putInt(512);
        item("beca12ab-b2e6-4523-93ef-c309e000c746", 16).putLong(1);
        return this;
    }

    private void region(int at, String id, int offset) {
        guid(at, UUID.fromString(id));
        bytes.putLong(at + 16, offset).putInt(at + 24, MIB).putInt(at + 28, 1);
    }

    /// Adds an item of metadata.
    ///
    /// @return where its value goes
    private ByteBuffer item(String id, int length) {
        int count = bytes.getShort(METADATA + 10);
        int at = METADATA + 32 + 32 * count;
        int offset = HEADER + 4096 * count;
        guid(at, UUID.fromString(id));
        bytes.putInt(at + 16, offset).putInt(at + 20, length).putInt(at + 24, 4);
        bytes.putShort(METADATA + 10, (short) (count + 1));
        return bytes.slice(METADATA + offset, length).order(ByteOrder.LITTLE_ENDIAN);
    }

    private SmallVhdx locator(String path, UUID linkage) {
        ByteBuffer value = item("a8d35f2d-b30b-454d-abf7-d3d84834ab0c", 1000);
        // The type: VHDX.
        value.put(0, HexFormat.of().parseHex("b7ef4ab09ed1814ab78925b8e9445913")).putShort(18, (short) 2);
        entry(value, 0, "parent_linkage", "{%s}".formatted(linkage), 100);
        entry(value, 1, "relative_path", path, 500);
        return this;
    }

    private static void entry(ByteBuffer locator, int index, String key, String value, int at) {
        byte[] keyBytes = key.getBytes(StandardCharsets.UTF_16LE);
        byte[] valueBytes = value.getBytes(StandardCharsets.UTF_16LE);
        locator.putInt(20 + 12 * index, at).putInt(24 + 12 * index, at + 100)
                .putShort(28 + 12 * index, (short) keyBytes.length)
                .putShort(30 + 12 * index, (short) valueBytes.length);
        locator.put(at, keyBytes).put(at + 100, valueBytes);
    }

    private void guid(int at, UUID id) {
        long high = id.getMostSignificantBits();
        bytes.putInt(at, (int) (high >>> 32)).putShort(at + 4, (short) (high >>> 16))
                .putShort(at + 6, (short) high)
                .putLong(at + 8, Long.reverseBytes(id.getLeastSignificantBits()));
    }

    /// All of the file, for changing it.
    public ByteBuffer bytes() {
        return bytes;
    }

    /// Puts in the checksums.
    public SmallVhdx sum() {
        for (int header : new int[]{HEADER, 2 * HEADER}) {
            sum(header, 4096);
        }
        for (int regions : new int[]{REGIONS, REGIONS + HEADER}) {
            sum(regions, 64 << 10);
        }
        return this;
    }

    private void sum(int start, int length) {
        bytes.putInt(start + 4, 0);
        var crc = new CRC32C();
        crc.update(bytes.array(), start, length);
        bytes.putInt(start + 4, (int) crc.getValue());
    }

    /// Makes the disk larger, with its table elsewhere.
    public SmallVhdx large(long size, long table, int tableBytes) {
        // The value of the second item of metadata, and the first region.
        bytes.putLong(METADATA + HEADER + 4096, size);
        for (int regions : new int[]{REGIONS, REGIONS + HEADER}) {
            bytes.putLong(regions + 32, table).putInt(regions + 40, tableBytes);
        }
        return sum();
    }

    public Path write(Path file) throws IOException {
        try (var raw = new RandomAccessFile(file.toFile(), "rw")) {
            raw.write(bytes.array());
        }
        return file;
    }
}
