package org.vmfinalize.formats.vhd;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.formats.chain.Fields;

/// An entry of a log (section 2.3.1 of [MS-VHDX]): a head of 64 bytes, descriptors of 32 bytes each up to a multiple of 4
/// KiB, and then a sector of 4 KiB for each descriptor of data.
///
///     head:       "loge", CRC-32C, length, offset of the first entry to be replayed; at 8 hereafter
///                 16: number of 8 bytes, 24: count of descriptors, 32: GUID of the log,
///                 48: the size that the file had for sure, 56: the size that holds everything
///     descriptor: "zero", 4 bytes, length of 8 bytes, offset in the file, the entry's number; or
///                 "desc", the sector's last 4 bytes, its first 8 bytes, offset in the file, the entry's number
///     sector:     "data", upper half of the number, bytes 8 to 4091 of the sector, lower half of the number
///
/// @param offset in the log
/// @param tail the offset of the first entry to be replayed, if this is the last one
/// @param bytes all of it, little-endian
record VhdxLogEntry(String location, int offset, int tail, long number, ByteBuffer bytes) {

    static final int SECTOR = 4096;

    private static final int HEAD_BYTES = 64;
    private static final int DESCRIPTOR_BYTES = 32;
    private static final int LOGE = 0x6567_6f6c;
    private static final int ZERO = 0x6f72_657a;
    private static final int DESC = 0x6373_6564;
    private static final int DATA = 0x6174_6164;
    private static final int CHECKSUM = 4;

    /// Far above the largest virtual disk of 64 TiB with its tables.
    private static final long MAX_FILE = 1L << 47;

    /// The length of what looks like an entry of the log `id`; 0 if nothing does.
    static int lengthAt(ByteBuffer ring, int offset, UUID id) {
        int length = ring.getInt(offset + 8);
        boolean looksLikeOne = ring.getInt(offset) == LOGE && Guids.at(ring, offset + 32).equals(id)
                && length >= SECTOR && length <= ring.limit() && length % SECTOR == 0;
        return looksLikeOne ? length : 0;
    }

    /// A copy of `length` bytes of the ring, which may go on at its start.
    static ByteBuffer around(ByteBuffer ring, int offset, int length) {
        int first = Math.min(length, ring.limit() - offset);
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN).put(ring.slice(offset, first))
                .put(ring.slice(0, length - first)).flip();
    }

    /// Empty if its checksum is wrong, as that of one is which was being written when the machine went down.
    ///
    /// @param location of the image, for messages
    static Optional<VhdxLogEntry> parse(String location, int offset, ByteBuffer bytes) {
        int sum = bytes.getInt(CHECKSUM);
        bytes.putInt(CHECKSUM, 0);
        var crc = new CRC32C();
        crc.update(bytes.duplicate());
        return (int) crc.getValue() == sum && bytes.getLong(16) != 0
                ? Optional.of(new VhdxLogEntry(location, offset, bytes.getInt(12), bytes.getLong(16), bytes))
                : Optional.empty();
    }

    int length() {
        return bytes.limit();
    }

    /// The file is truncated if it is shorter.
    long flushedFileSize() throws FormatException {
        return fields().longAt("flushed file offset", 48, 0, MAX_FILE);
    }

    /// The file is at least as long after the replay.
    long lastFileSize() throws FormatException {
        return fields().longAt("last file offset", 56, 0, MAX_FILE);
    }

    /// Adds what it changes.
    ///
    /// @param log where the log is in the file: nothing may be changed there
    /// @throws FormatException if a descriptor or a sector is damaged in spite of the checksum
    void apply(Patches patches, ByteRange log) throws FormatException {
        Fields fields = fields();
        int max = (length() - HEAD_BYTES) / DESCRIPTOR_BYTES;
        int count = fields.intAt("descriptor count", 24, 0, max);
        int sector = Math.ceilDiv(HEAD_BYTES + count * DESCRIPTOR_BYTES, SECTOR) * SECTOR;
        for (int i = 0; i < count; i++) {
            int at = HEAD_BYTES + i * DESCRIPTOR_BYTES;
            if (bytes.getLong(at + 24) != number) {
                throw fields.damaged("the number of descriptor %d must be %d but was %d".formatted(i, number,
                        bytes.getLong(at + 24)));
            }
            switch (bytes.getInt(at)) {
                case ZERO ->
                    patches.zero(target(at, fields.longAt("length of zeros", at + 8, SECTOR, MAX_FILE),
                            log));
                case DESC -> {
                    patches.put(target(at, SECTOR, log).start(), content(at, sector));
                    sector += SECTOR;
                }
                default -> throw fields.damaged("descriptor %d must be of data or zeros but is not".formatted(
                        i));
            }
        }
    }

    private ByteRange target(int at, long length, ByteRange log) throws FormatException {
        Fields fields = fields();
        long start = fields.longAt("file offset of a descriptor", at + 16, 0, MAX_FILE - length);
        var target = ByteRange.of(start, length);
        if (start % SECTOR != 0 || length % SECTOR != 0) {
            throw fields.damaged("a descriptor must be of multiples of 4 KiB but is of " + target);
        }
        if (target.start() < log.end() && target.end() > log.start()) {
            throw fields.damaged("a descriptor must not change the log, %s, but is of %s".formatted(log,
                    target));
        }
        return target;
    }

    private ByteBuffer content(int descriptor, int sector) throws FormatException {
        if (sector > length() - SECTOR) {
            throw fields().damaged("must have a sector for each descriptor of data but ends");
        }
        long sectorNumber = Integer.toUnsignedLong(bytes.getInt(sector + 4)) << Integer.SIZE
                | Integer.toUnsignedLong(bytes.getInt(sector + SECTOR - 4));
        if (bytes.getInt(sector) != DATA || sectorNumber != number) {
            throw fields().damaged("the sector at %d must be of entry %d but is not: it is torn".formatted(
                    sector, number));
        }
        return ByteBuffer.allocate(SECTOR).order(ByteOrder.LITTLE_ENDIAN)
                .put(8, bytes, sector + 8, SECTOR - 12)
                .putLong(0, bytes.getLong(descriptor + 8))
                .putInt(SECTOR - 4, bytes.getInt(descriptor + 4));
    }

    private Fields fields() {
        return new Fields(location, "VHDX log entry at %d of the log".formatted(offset), bytes);
    }
}
