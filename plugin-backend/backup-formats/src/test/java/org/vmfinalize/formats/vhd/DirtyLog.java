package org.vmfinalize.formats.vhd;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/// Writes a log into [SmallVhdx#dynamic()], in MiB 3 of which there are letters e that no block has.
final class DirtyLog {

    private static final int SECTOR = 4096;
    private static final long LOG_ID = 77;

    /// @param sector empty for zeros
    private record Descriptor(boolean data, long target, long length, ByteBuffer sector) {}

    private final SmallVhdx image = SmallVhdx.dynamic();
    private final List<Descriptor> descriptors = new ArrayList<>();
    private byte[] table = Arrays.copyOfRange(image.bytes.array(), SmallVhdx.TABLE, SmallVhdx.TABLE + SECTOR);
    private long id = LOG_ID;
    private int position;
    private long number;
    private int count;
    private int length;
    private long flushed;

    DirtyLog() {
        Arrays.fill(image.bytes.array(), 3 * SmallVhdx.MIB, 4 * SmallVhdx.MIB, (byte) 'e');
    }

    /// Goes on at that byte of the log.
    DirtyLog at(int offset) {
        position = offset;
        return this;
    }

    /// What follows is of another log.
    DirtyLog of(long other) {
        id = other;
        return this;
    }

    DirtyLog entry(long sequenceNumber) {
        number = sequenceNumber;
        descriptors.clear();
        count = -1;
        length = 0;
        flushed = image.bytes.limit();
        return this;
    }

    /// Changes an entry of the block allocation table.
    DirtyLog table(int block, long value) {
        table = table.clone();
        ByteBuffer.wrap(table).order(ByteOrder.LITTLE_ENDIAN).putLong(block * 8, value);
        descriptors.add(new Descriptor(true, SmallVhdx.TABLE, SECTOR, ByteBuffer.wrap(table)));
        return this;
    }

    DirtyLog letters(long target, char letter) {
        byte[] sector = new byte[SECTOR];
        Arrays.fill(sector, (byte) letter);
        descriptors.add(new Descriptor(true, target, SECTOR, ByteBuffer.wrap(sector)));
        return this;
    }

    DirtyLog zeros(long target, long bytes) {
        descriptors.add(new Descriptor(false, target, bytes, ByteBuffer.allocate(0)));
        return this;
    }

    /// States another count of descriptors.
    DirtyLog count(int stated) {
        count = stated;
        return this;
    }

    /// States another length, and does not write so much.
    DirtyLog length(int stated) {
        length = stated;
        return this;
    }

    DirtyLog flushed(long size) {
        flushed = size;
        return this;
    }

    /// @param tail the first entry to be replayed
    DirtyLog end(int tail) {
        ByteBuffer entry = bytes(tail);
        var crc = new CRC32C();
        crc.update(entry.duplicate());
        entry.putInt(4, (int) crc.getValue());
        return write(entry);
    }

    /// Ends it with a checksum that is wrong.
    DirtyLog torn(int tail) {
        return write(bytes(tail).putInt(4, 1));
    }

    private ByteBuffer bytes(int tail) {
        int sectors = (int) descriptors.stream().filter(Descriptor::data).count();
        var entry = ByteBuffer.allocate((1 + sectors) * SECTOR).order(ByteOrder.LITTLE_ENDIAN);
        entry.put(0, "loge".getBytes(StandardCharsets.US_ASCII))
                .putInt(8, length == 0 ? entry.limit() : length).putInt(12, tail).putLong(16, number)
                .putInt(24, count < 0 ? descriptors.size() : count).putLong(48, flushed)
                .putLong(56, image.bytes.limit());
        putId(entry, 32);
        int sector = SECTOR;
        for (int i = 0; i < descriptors.size(); i++) {
            var descriptor = descriptors.get(i);
            int at = 64 + 32 * i;
            entry.put(at, (descriptor.data() ? "desc" : "zero").getBytes(
                    StandardCharsets.US_ASCII))
                    .putLong(at + 8, descriptor.length()).putLong(at + 16, descriptor.target())
                    .putLong(at + 24, number);
            if (descriptor.data()) {
                entry.put(at + 8, descriptor.sector(), 0, 8).put(at + 4, descriptor.sector(), SECTOR - 4, 4);
                entry.put(sector, "data".getBytes(StandardCharsets.US_ASCII))
                        .putInt(sector + 4, (int) (number >>> 32))
                        .put(sector + 8, descriptor.sector(), 8, SECTOR - 12)
                        .putInt(sector + SECTOR - 4, (int) number);
                sector += SECTOR;
            }
        }
        return entry;
    }

    private void putId(ByteBuffer target, int at) {
        target.putLong(at, id).putLong(at + 8, 1);
    }

    private DirtyLog write(ByteBuffer entry) {
        for (int i = 0; i < entry.limit(); i++) {
            image.bytes.put(SmallVhdx.LOG + (position + i) % SmallVhdx.MIB, entry.get(i));
        }
        position = (position + entry.limit()) % SmallVhdx.MIB;
        return this;
    }

    SmallVhdx image() {
        for (int header : new int[]{SmallVhdx.HEADER, 2 * SmallVhdx.HEADER}) {
            id = LOG_ID;
            image.bytes.putLong(header + 48, id).putLong(header + 56, 1);
        }
        return image.sum();
    }
}
