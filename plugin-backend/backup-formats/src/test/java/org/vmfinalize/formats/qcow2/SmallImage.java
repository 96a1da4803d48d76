package org.vmfinalize.formats.qcow2;

import com.github.luben.zstd.Zstd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.Deflater;

/// A qcow2 image of 16 clusters of 4 KiB, made without QEMU, for breaking it.
///
///     file offset  what
///               0  header of 104 bytes, extensions, name of the backing file
///            4096  L1 table: one entry
///            8192  L2 table: data, data, zeros, compressed, then nothing
///           12288  the clusters 0 and 1: letters a and b
///           20480  cluster 3, compressed: letters d
public final class SmallImage {

    static final int CLUSTER = 4096;
    public static final int L1 = CLUSTER;
    static final int L2 = 2 * CLUSTER;
    static final int DATA = 3 * CLUSTER;
    static final int COMPRESSED = 5 * CLUSTER;
    static final int DISK_SIZE = 16 * CLUSTER;

    private static final long COPIED = 1L << 63;

    final ByteBuffer bytes;

    private SmallImage(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    public static SmallImage make() {
        byte[] deflated = deflate("d".repeat(CLUSTER).getBytes(StandardCharsets.UTF_8));
        var image = new SmallImage(ByteBuffer.allocate(COMPRESSED + deflated.length));
        image.put(0, Header.MAGIC).put(4, 3).put(20, 12).putLong(24, DISK_SIZE).put(36, 1).putLong(40, L1)
                .put(96, 4)
                .put(100, 104);
        image.putLong(L1, L2 | COPIED);
        image.putLong(L2, DATA | COPIED).putLong(L2 + 8, (DATA + CLUSTER) | COPIED).putLong(L2 + 16, 1)
                .putLong(L2 + 24, compressedEntry(COMPRESSED, deflated.length));
        image.bytes.put(DATA, content(), 0, 2 * CLUSTER);
        image.bytes.put(COMPRESSED, deflated);
        return image;
    }

    /// One with clusters of 16 KiB in subclusters of 512 bytes, of which some are stored, some zeros and some missing.
    public static SmallImage extended() {
        int cluster = 16 << 10;
        var image = new SmallImage(ByteBuffer.allocate(4 * cluster));
        image.put(0, Header.MAGIC).put(4, 3).put(20, 14).putLong(24, 8L * cluster).put(36, 1)
                .putLong(40, cluster).put(76, 1 << 4).put(96, 4).put(100, 104);
        image.putLong(cluster, 2L * cluster | COPIED);
        image.putLong(2 * cluster, 3L * cluster | COPIED).putLong(2 * cluster + 8, 0xff00_0000_00ffL)
                .putLong(2 * cluster + 24, 0xffL << 32);
        return image;
    }

    /// One whose compressed cluster is by zstd.
    public static SmallImage zstd() {
        byte[] packed = Zstd.compress("d".repeat(CLUSTER).getBytes(StandardCharsets.UTF_8));
        var plain = make();
        var image = new SmallImage(ByteBuffer.allocate(COMPRESSED + packed.length));
        image.bytes.put(0, plain.bytes, 0, COMPRESSED).put(COMPRESSED, packed);
        return image.put(76, 1 << 3).put(100, 112).put(104, 1 << 24).putLong(L2 + 24,
                compressedEntry(COMPRESSED, packed.length));
    }

    /// Names a backing file, and its format unless that is empty.
    public SmallImage withBacking(String name, String format) {
        int at = 104;
        if (!format.isEmpty()) {
            byte[] formatBytes = format.getBytes(StandardCharsets.UTF_8);
            put(at, 0xe279_2aca).put(at + 4, formatBytes.length);
            bytes.put(at + 8, formatBytes);
            at += 8 + Math.ceilDiv(formatBytes.length, 8) * 8;
        }
        byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
        putLong(8, at + 8).put(16, nameBytes.length);
        bytes.put(at + 8, nameBytes);
        return this;
    }

    public SmallImage put(int offset, int value) {
        bytes.putInt(offset, value);
        return this;
    }

    public SmallImage putLong(int offset, long value) {
        bytes.putLong(offset, value);
        return this;
    }

    public byte[] toBytes() {
        byte[] copy = new byte[bytes.limit()];
        bytes.get(0, copy);
        return copy;
    }

    public Path write(Path file) throws IOException {
        return Files.write(file, toBytes());
    }

    static byte[] content() {
        byte[] disk = new byte[DISK_SIZE];
        Arrays.fill(disk, 0, CLUSTER, (byte) 'a');
        Arrays.fill(disk, CLUSTER, 2 * CLUSTER, (byte) 'b');
        Arrays.fill(disk, 3 * CLUSTER, 4 * CLUSTER, (byte) 'd');
        return disk;
    }

    static long compressedEntry(long offset, int length) {
        long lastSector = (offset + length - 1) / 512;
        return 1L << 62 | (lastSector - offset / 512) << 58 | offset;
    }

    static byte[] deflate(byte[] data) {
        var deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
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
