package org.vmfinalize.formats.vhd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.UUID;

/// VHDs of 8 blocks of 8 KiB, made without QEMU, for what it does not make and for breaking them.
///
///     file offset  what
///               0  copy of the footer
///             512  dynamic disk header
///            1536  block allocation table: 8 entries, padded to a sector
///            2048  block 1: a sector of bitmap, 16 sectors of data
///           10752  block 3: likewise
///           19456  footer
public final class SmallVhd {

    public static final int BLOCK = 8192;
    static final int DISK_SIZE = 8 * BLOCK;
    static final int HEADER = 512;
    static final int TABLE = 1536;
    public static final int BLOCK_1 = 2048;
    public static final int BLOCK_3 = BLOCK_1 + 512 + BLOCK;
    static final int FOOTER = BLOCK_3 + 512 + BLOCK;

    static final UUID BASE_ID = UUID.fromString("11111111-2222-3333-4444-555555555555");
    static final UUID CHILD_ID = UUID.fromString("99999999-2222-3333-4444-555555555555");

    final ByteBuffer bytes = ByteBuffer.allocate(FOOTER + 512);

    private SmallVhd() {}

    /// Block 1 of letters a, and of block 3 the sectors 0 to 4 and the last one of letters b.
    public static SmallVhd dynamic() {
        return new SmallVhd().parts(3, BASE_ID, 'a', 'b');
    }

    /// On [#dynamic()]: block 1 of letters c, and of block 3 the sectors 0 to 4 and the last one of letters d.
    static SmallVhd differencing(String parent) {
        var image = new SmallVhd().parts(4, CHILD_ID, 'c', 'd');
        image.bytes.putLong(HEADER + 40, BASE_ID.getMostSignificantBits()).putLong(HEADER + 48,
                BASE_ID.getLeastSignificantBits());
        image.bytes.put(HEADER + 64, parent.getBytes(StandardCharsets.UTF_16BE));
        // Only the sectors 2 to 4 of block 1 are in this image.
        image.bytes.put(BLOCK_1, (byte) 0b0011_1000).put(BLOCK_1 + 1, (byte) 0);
        return image.sum();
    }

    static byte[] dynamicContent() {
        byte[] disk = new byte[DISK_SIZE];
        Arrays.fill(disk, BLOCK, 2 * BLOCK, (byte) 'a');
        Arrays.fill(disk, 3 * BLOCK, 3 * BLOCK + 5 * 512, (byte) 'b');
        Arrays.fill(disk, 4 * BLOCK - 512, 4 * BLOCK, (byte) 'b');
        return disk;
    }

    static byte[] differencingContent() {
        byte[] disk = dynamicContent();
        Arrays.fill(disk, BLOCK + 2 * 512, BLOCK + 5 * 512, (byte) 'c');
        Arrays.fill(disk, 3 * BLOCK, 3 * BLOCK + 5 * 512, (byte) 'd');
        Arrays.fill(disk, 4 * BLOCK - 512, 4 * BLOCK, (byte) 'd');
        return disk;
    }

    private SmallVhd parts(int type, UUID id, char first, char second) {
        for (int at : new int[]{0, FOOTER}) {
            bytes.put(at, "conectix".getBytes(StandardCharsets.US_ASCII)).putInt(at + 8, 2)
                    .putInt(at + 12, 0x1_0000)
                    .putLong(at + 16, HEADER).putLong(at + 40, DISK_SIZE).putLong(at + 48, DISK_SIZE)
                    .putInt(at + 60, type).putLong(at + 68, id.getMostSignificantBits())
                    .putLong(at + 76, id.getLeastSignificantBits());
        }
        bytes.put(HEADER, "cxsparse".getBytes(StandardCharsets.US_ASCII)).putLong(HEADER + 8, -1)
                .putLong(HEADER + 16, TABLE).putInt(HEADER + 24, 0x1_0000).putInt(HEADER + 28, 8)
                .putInt(HEADER + 32, BLOCK);
        for (int i = 0; i < 512 / 4; i++) {
            bytes.putInt(TABLE + 4 * i, -1);
        }
        bytes.putInt(TABLE + 4, BLOCK_1 / 512).putInt(TABLE + 12, BLOCK_3 / 512);
        bytes.put(BLOCK_1, (byte) 0xff).put(BLOCK_1 + 1, (byte) 0xff);
        bytes.put(BLOCK_3, (byte) 0b1111_1000).put(BLOCK_3 + 1, (byte) 1);
        Arrays.fill(bytes.array(), BLOCK_1 + 512, BLOCK_1 + 512 + BLOCK, (byte) first);
        Arrays.fill(bytes.array(), BLOCK_3 + 512, BLOCK_3 + 512 + BLOCK, (byte) second);
        return sum();
    }

    /// All of the file, for changing it.
    public ByteBuffer bytes() {
        return bytes;
    }

    /// Puts in the checksums.
    public SmallVhd sum() {
        sum(0, 512, 64);
        sum(HEADER, 1024, 36);
        sum(FOOTER, 512, 64);
        return this;
    }

    private void sum(int start, int length, int at) {
        bytes.putInt(start + at, 0);
        int sum = 0;
        for (int i = 0; i < length; i++) {
            sum += Byte.toUnsignedInt(bytes.get(start + i));
        }
        bytes.putInt(start + at, ~sum);
    }

    public Path write(Path file) throws IOException {
        return Files.write(file, bytes.array());
    }
}
