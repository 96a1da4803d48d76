package org.vmfinalize.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.UUID;
import java.util.zip.CRC32C;

/// What became local since the last checkpoint. All numbers are big-endian.
///
///     offset  bytes  meaning
///          0      8  magic, "VFJOURNL"
///          8      4  version, 1
///         12      4  zero
///         16     16  the disk's identifier
///         32      8  generation: that of the checkpoint it goes on from
///         40      4  CRC-32C of the bytes 0..39
///         44      4  zero
///         48      …  batches
///
/// A batch is written in one go and made durable before the next one begins:
///
///          0      8  magic, "VFBATCH1"
///          8      8  its number, from 0
///         16      4  number of records, at least 1
///         20      4  CRC-32C of the journal's bytes 0..47, of this batch's bytes 0..19 and of its records
///         24      …  records of 16 bytes: first block (8), number of blocks (4), origin (4)
///
/// So only the last batch can be torn, which is not an error but the end: nobody was told that it is durable. A bad
/// batch with a good one behind it is damage, and refused.
///
/// Not safe for threads.
final class MapJournal implements AutoCloseable {

    /// A journal longer than this is never written, so it is not read either.
    static final int MAX_BYTES = 1 << 28;

    private static final byte[] MAGIC = "VFJOURNL".getBytes(StandardCharsets.US_ASCII);
    private static final long BATCH_MAGIC = 0x5646_4241_5443_4831L;
    private static final int VERSION = 1;
    private static final int HEADER_BYTES = 48;
    private static final int BATCH_HEADER_BYTES = 24;
    private static final int RECORD_BYTES = 16;

    /// Space is reserved in such steps, so that a full datastore can still make durable what it has taken.
    private static final int RESERVE_BYTES = 1 << 20;

    private final VolumeFile file;
    private final byte[] header;
    private long end;
    private long reservedEnd;
    private long nextBatch;

    private MapJournal(VolumeFile file, byte[] header, long end, long nextBatch) {
        this.file = file;
        this.header = header;
        this.end = end;
        this.reservedEnd = end;
        this.nextBatch = nextBatch;
    }

    /// Writes and forces a journal without a batch to `file`, which is empty.
    static MapJournal create(VolumeFile file, UUID diskId, long generation) throws IOException {
        var header = header(diskId, generation);
        file.write(ByteBuffer.wrap(header), 0);
        file.force();
        return new MapJournal(file, header, HEADER_BYTES, 0);
    }

    /// Reads a journal, hands its marks to `marks` and drops a torn end.
    ///
    /// @throws DamagedStateException if it is damaged, from a newer program or of another disk
    static MapJournal open(Path path, VolumeFile file, UUID diskId, long generation, long blockCount,
            Marks.Reader marks) throws IOException {
        long length = file.size();
        if (length < HEADER_BYTES || length > MAX_BYTES) {
            throw damaged(path,
                    "must have %d to %d bytes but has %d".formatted(HEADER_BYTES, MAX_BYTES, length));
        }
        var bytes = new FileWindow(file, length);
        var header = header(diskId, generation);
        checkHeader(path, bytes, header);

        long at = HEADER_BYTES;
        long last = at;
        long number = 0;
        while (isBatch(bytes, at, header) && bytes.getLong(at + 8) == number) {
            last = at;
            at = replay(path, bytes, at, blockCount, marks);
            number++;
        }
        refuseBatchBehind(path, bytes, at, number, header);
        if (at < length) {
            file.setLength(at);
        }
        makeDurable(file, last, at);
        return new MapJournal(file, header, at, number);
    }

    /// Writes the last batch once more, as it is, and forces it.
    ///
    /// It is the only one that need not have been forced: the process may have died before, or the force may have failed. Its
    /// marks are never written again, since they are known now, and guests are told that what they write into these blocks
    /// is stable.
    private static void makeDurable(VolumeFile file, long from, long end) throws IOException {
        if (from < end) {
            var batch = ByteBuffer.allocate(Math.toIntExact(end - from));
            file.read(batch, from);
            file.write(batch.flip(), from);
        }
        file.force();
    }

    private static byte[] header(UUID diskId, long generation) {
        var header = ByteBuffer.allocate(HEADER_BYTES);
        header.put(MAGIC).putInt(VERSION).putInt(0)
                .putLong(diskId.getMostSignificantBits()).putLong(diskId.getLeastSignificantBits())
                .putLong(generation);
        var crc = new CRC32C();
        crc.update(header.array(), 0, 40);
        header.putInt((int) crc.getValue());
        return header.array();
    }

    private static void checkHeader(Path path, FileWindow bytes, byte[] expected) throws IOException {
        byte[] found = new byte[HEADER_BYTES];
        bytes.slice(0, HEADER_BYTES).get(found);
        if (Arrays.equals(found, expected)) {
            return;
        }
        if (Arrays.equals(found, 0, 8, MAGIC, 0, 8) && bytes.getInt(8) != VERSION) {
            throw new DamagedStateException(
                    "%s: journal: version must be %d but was %d; use the version of vm-finalize that wrote it"
                            .formatted(path, VERSION, bytes.getInt(8)));
        }
        throw damaged(path, "its header must name this disk and the generation of its block map");
    }

    /// Whether a whole and sound batch, of whatever number, starts at `at`.
    private static boolean isBatch(FileWindow bytes, long at, byte[] header) throws IOException {
        long room = bytes.length() - at - BATCH_HEADER_BYTES;
        if (room < 0 || bytes.getLong(at) != BATCH_MAGIC) {
            return false;
        }
        int count = bytes.getInt(at + 16);
        if (count < 1 || count > room / RECORD_BYTES) {
            return false;
        }
        int expected = bytes.getInt(at + 20);
        var crc = new CRC32C();
        crc.update(header);
        crc.update(bytes.slice(at, 20));
        long end = at + BATCH_HEADER_BYTES + (long) count * RECORD_BYTES;
        for (long from = at + BATCH_HEADER_BYTES; from < end; from += FileWindow.MAX_SLICE) {
            crc.update(bytes.slice(from, (int) Math.min(FileWindow.MAX_SLICE, end - from)));
        }
        return expected == (int) crc.getValue();
    }

    private static int crc(byte[] header, ByteBuffer batch, int count) {
        var crc = new CRC32C();
        crc.update(header);
        crc.update(batch.slice(0, 20));
        crc.update(batch.slice(BATCH_HEADER_BYTES, count * RECORD_BYTES));
        return (int) crc.getValue();
    }

    private static long replay(Path path, FileWindow bytes, long at, long blockCount, Marks.Reader marks)
            throws IOException {
        int count = bytes.getInt(at + 16);
        long position = at + BATCH_HEADER_BYTES;
        for (int i = 0; i < count; i++) {
            var record = bytes.slice(position, RECORD_BYTES);
            long first = record.getLong();
            int blocks = record.getInt();
            int origin = record.getInt();
            if (first < 0 || blocks < 1 || first > blockCount - blocks || origin < 0
                    || origin >= Origin.COUNT) {
                throw damaged(path, "the record at %d must lie inside the disk".formatted(position));
            }
            marks.mark(first, blocks, Origin.of(origin));
            position += RECORD_BYTES;
        }
        return position;
    }

    private static void refuseBatchBehind(Path path, FileWindow bytes, long at, long number, byte[] header)
            throws IOException {
        for (long i = at; i <= bytes.length() - BATCH_HEADER_BYTES; i += Long.BYTES) {
            if (bytes.getLong(i) == BATCH_MAGIC && bytes.getLong(i + 8) > number
                    && isBatch(bytes, i, header)) {
                throw damaged(path,
                        "batch %d at %d is damaged, with sound ones behind it".formatted(number, at));
            }
        }
    }

    /// The length in bytes.
    long length() {
        return end;
    }

    /// Writes `marks`, at least one, as one batch. It is durable after [#force()], and only then may the next be
    /// written; until then the same batch may be written again.
    void append(Marks marks) throws IOException {
        int size = BATCH_HEADER_BYTES + Math.multiplyExact(marks.size(), RECORD_BYTES);
        if (size > MAX_BYTES - end) {
            throw new IOException(
                    "journal: must have at most %d bytes but would have %d; free space on the datastore"
                            .formatted(MAX_BYTES, end + size));
        }
        var batch = ByteBuffer.allocate(size);
        batch.putLong(BATCH_MAGIC).putLong(nextBatch).putInt(marks.size()).putInt(0);
        marks.forEach((first, count, origin) -> batch.putLong(first).putInt(count).putInt(origin.code()));
        batch.putInt(20, crc(header, batch, marks.size()));
        if (end + size > reservedEnd) {
            var _ = file.reserve(end, size + RESERVE_BYTES);
            reservedEnd = end + size + RESERVE_BYTES;
        }
        file.write(batch.flip(), end);
        unforcedBytes = size;
    }

    private int unforcedBytes;

    /// Makes the batch written last durable.
    void force() throws IOException {
        file.force();
        end += unforcedBytes;
        nextBatch += unforcedBytes > 0 ? 1 : 0;
        unforcedBytes = 0;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private static DamagedStateException damaged(Path path, String what) {
        return new DamagedStateException(
                "%s: journal: %s; it is damaged, so put it back from a copy of the datastore, or discard the instant VM"
                        .formatted(path, what));
    }
}
