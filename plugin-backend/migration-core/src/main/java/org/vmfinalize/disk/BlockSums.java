package org.vmfinalize.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.UUID;
import java.util.zip.CRC32C;

/// Where the content of each block of a live disk comes from: a checksum of what was hydrated, or that the guest wrote it.
///
/// The file `sums` in the disk's folder. All numbers are big-endian.
///
///     offset  bytes  meaning
///          0      8  magic, "VFSUMSV1"
///          8      4  version, 1
///         12      4  block size in bytes, 4096
///         16     16  the disk's identifier
///         32      8  the disk's size in bytes
///         40      4  1 if it was made together with the disk, 0 if later: then it does not know every guest's write
///         44      4  CRC-32C of the bytes 0..43
///       4096      4  each block's slot: 0 nothing is known, 1 the guest wrote it, else the CRC-32C of its hydrated bytes
///
/// A slot that says less than it could is no harm, since the block can be compared with the backup itself. Only a 1 is
/// taken at its word. It is written before the guest's bytes are, so that it outlives `kill -9`; the journal of the block
/// map has it too, so that it outlives power loss; and the file is forced before a checkpoint drops that journal.
///
/// It takes a thousandth of the disk's space and 128 KiB of memory, but after a crash 16 bytes for each record of the journal, at
/// most 16 MiB, until the next checkpoint.
///
/// **Threads:** any number, on different blocks.
final class BlockSums implements AutoCloseable {

    /// The slot of a block of which nothing is known.
    static final int UNKNOWN = 0;

    /// The slot of a block that the guest wrote, or made zeros.
    static final int GUEST = 1;

    static final String FILE = "sums";
    private static final byte[] MAGIC = "VFSUMSV1".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 1;
    private static final int HEADER_BYTES = 48;
    private static final int SLOTS_AT = 4096;
    private static final int BLOCK = BlockMap.BLOCK_BYTES;

    /// As many slots as are written in one go: of 64 MiB.
    private static final int STEP = 16_384;

    private final VolumeFile file;
    private final long sizeBytes;
    private final boolean complete;
    private final KnownGuestBlocks known = new KnownGuestBlocks();

    /// What the journal says of the guest's writes and the file may not say yet.
    private volatile BlockRuns unsettled = new BlockRuns();

    /// How many of [#unsettled] the file has. Used by whoever settles.
    private int settledRuns;

    private BlockSums(VolumeFile file, long sizeBytes, boolean complete) {
        this.file = file;
        this.sizeBytes = sizeBytes;
        this.complete = complete;
    }

    /// Makes the file of a disk of which nothing is local yet.
    static BlockSums create(Volume volume, Path folder, UUID diskId, long sizeBytes) throws IOException {
        return create(volume, folder, diskId, sizeBytes, true);
    }

    private static BlockSums create(Volume volume, Path folder, UUID diskId, long sizeBytes, boolean complete)
            throws IOException {
        var file = volume.create(folder.resolve(FILE));
        try {
            file.setLength(SLOTS_AT + Math.ceilDiv(sizeBytes, (long) BLOCK) * Integer.BYTES);
            file.write(header(diskId, sizeBytes, complete), 0);
            file.force();
            volume.forceFolder(folder);
            return new BlockSums(file, sizeBytes, complete);
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    /// Opens the file; a disk of an older version has none, and gets one that knows nothing.
    ///
    /// @throws DamagedStateException if it is of another version or another disk
    static BlockSums open(Volume volume, Path folder, UUID diskId, long sizeBytes) throws IOException {
        Path path = folder.resolve(FILE);
        if (!volume.exists(path)) {
            return create(volume, folder, diskId, sizeBytes, false);
        }
        var file = volume.open(path);
        try {
            file.dropCached();
            return new BlockSums(file, sizeBytes, check(path, file, diskId, sizeBytes));
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    private static ByteBuffer header(UUID diskId, long sizeBytes, boolean complete) {
        var header = ByteBuffer.allocate(HEADER_BYTES);
        header.put(MAGIC).putInt(VERSION).putInt(BLOCK)
                .putLong(diskId.getMostSignificantBits()).putLong(diskId.getLeastSignificantBits())
                .putLong(sizeBytes).putInt(complete ? 1 : 0);
        return header.putInt(crc(header.array(), HEADER_BYTES - Integer.BYTES)).flip();
    }

    /// @return whether it knows every guest's write
    private static boolean check(Path path, VolumeFile file, UUID diskId, long sizeBytes) throws IOException {
        long length = SLOTS_AT + Math.ceilDiv(sizeBytes, (long) BLOCK) * Integer.BYTES;
        var found = ByteBuffer.allocate(HEADER_BYTES);
        if (file.size() != length) {
            throw damaged(path, "must have %d bytes but has %d".formatted(length, file.size()));
        }
        file.read(found, 0);
        if (Arrays.equals(found.array(), 0, MAGIC.length, MAGIC, 0, MAGIC.length)
                && found.getInt(8) != VERSION) {
            throw new DamagedStateException(
                    "%s: block sums: version must be %d but was %d; use the version of vm-finalize that wrote it"
                            .formatted(path, VERSION, found.getInt(8)));
        }
        var id = new UUID(found.getLong(16), found.getLong(24));
        if (found.getInt(44) == crc(found.array(), 44) && !id.equals(diskId)) {
            throw new DamagedStateException(
                    "%s: block sums: must be of disk %s but is of disk %s; put the right one back"
                            .formatted(path, diskId, id));
        }
        boolean complete = found.getInt(40) == 1;
        if (!Arrays.equals(found.array(), header(diskId, sizeBytes, complete).array())) {
            throw damaged(path, "its header must name this disk and have the right checksum");
        }
        return complete;
    }

    private static DamagedStateException damaged(Path path, String what) {
        return new DamagedStateException(
                "%s: block sums: %s; put it back from a copy of the datastore, or discard the instant VM"
                        .formatted(path, what));
    }

    /// Whether every guest's write is known: the file is as old as the disk.
    boolean isComplete() {
        return complete;
    }

    /// Remembers that the guest is about to write `[from, end)`.
    ///
    /// @return whether that is news of any of these blocks
    boolean guestWrites(long from, long end) throws IOException {
        return !known.contain(from, end) && storeGuest(from, end, false);
    }

    /// @param always whether slots are written that say so already: a force that failed may have lost them on disk only
    private boolean storeGuest(long from, long end, boolean always) throws IOException {
        boolean news = false;
        for (long at = from; at < end; at += STEP) {
            var slots = ByteBuffer.allocate((int) Math.min(STEP, end - at) * Integer.BYTES);
            file.read(slots, position(at));
            slots.flip();
            boolean changed = replaceAll(slots, GUEST);
            news |= changed;
            if (changed || always) {
                file.write(slots, position(at));
            }
        }
        known.add(from, end);
        return news;
    }

    private static boolean replaceAll(ByteBuffer slots, int value) {
        boolean changed = false;
        for (int i = 0; i < slots.limit(); i += Integer.BYTES) {
            changed |= slots.getInt(i) != value;
            slots.putInt(i, value);
        }
        return changed;
    }

    /// Takes over from the journal of the block map which blocks the guest wrote.
    ///
    /// After `kill -9` the file has all of them; after power loss it may lack any, a page of the file for each. Writing
    /// those would keep a disk from being opened for long, so they are remembered, and written by [#settle].
    Replay replay() {
        return new Replay();
    }

    /// Remembers runs of blocks. Marks should come in the order of their blocks: what came before is written at once
    /// where they do not, so that memory stays bounded.
    final class Replay implements Marks.Reader {

        private BlockRuns runs = new BlockRuns();

        @Override
        public void mark(long first, int count, Origin origin) throws IOException {
            if (origin != Origin.GUEST || runs.add(first, first + count)) {
                return;
            }
            write(runs, 0, runs.size());
            runs = new BlockRuns();
            runs.add(first, first + count);
        }

        /// Has the sums know of all marks from now on.
        void finish() {
            unsettled = runs;
        }
    }

    /// Writes some of what [#replay()] remembered. That is safe beside guests and hydration: it changes only slots of blocks
    /// that are the guest's, and those stay the guest's.
    ///
    /// By one thread at a time.
    ///
    /// @param maxRuns how many runs of blocks are written at most
    /// @return whether nothing is left, so that after [#force()] the journal may go
    boolean settle(int maxRuns) throws IOException {
        var runs = unsettled;
        int stop = Math.min(runs.size(), settledRuns + maxRuns);
        write(runs, settledRuns, stop);
        settledRuns = stop;
        if (stop < runs.size()) {
            return false;
        }
        unsettled = new BlockRuns();
        settledRuns = 0;
        return true;
    }

    private void write(BlockRuns runs, int from, int end) throws IOException {
        for (int i = from; i < end; i++) {
            var _ = storeGuest(runs.start(i), runs.end(i), true);
        }
    }

    /// Remembers the bytes that blocks from `first` on get from the backup.
    void hydrated(long first, ByteBuffer data) throws IOException {
        int blocks = Math.ceilDiv(data.remaining(), BLOCK);
        known.remove(first, first + blocks);
        var slots = ByteBuffer.allocate(blocks * Integer.BYTES);
        var crc = new CRC32C();
        var rest = data.duplicate();
        while (rest.position() < data.limit()) {
            rest.limit(Math.min(data.limit(), rest.position() + BLOCK));
            slots.putInt(slot(crc, rest));
        }
        file.write(slots.flip(), position(first));
    }

    /// Forgets what was known of `[from, end)`.
    void forget(long from, long end) throws IOException {
        known.remove(from, end);
        long start = position(from);
        long length = (end - from) * Integer.BYTES;
        if (file.nextData(start, start + length) < start + length) {
            file.zero(start, length, false);
        }
    }

    /// The slots of blocks from `first` on.
    int[] slots(long first, int count) throws IOException {
        var runs = unsettled; // before the file: what is taken out of the one is in the other by then
        var bytes = ByteBuffer.allocate(count * Integer.BYTES);
        file.read(bytes, position(first));
        int[] slots = new int[count];
        bytes.flip().asIntBuffer().get(slots);
        for (int run = runs.firstBehind(first); run < runs.size() && runs.start(run) < first + count; run++) {
            int from = (int) Math.max(0, runs.start(run) - first);
            Arrays.fill(slots, from, (int) Math.min(count, runs.end(run) - first), GUEST);
        }
        return slots;
    }

    /// The slot of a block of the backup with these bytes, which are consumed. A sum that means something else is not kept.
    static int slot(CRC32C crc, ByteBuffer block) {
        crc.reset();
        crc.update(block);
        return crc.getValue() == GUEST ? UNKNOWN : (int) crc.getValue();
    }

    /// Whether nothing is known of any block in `[from, end)`; that costs little for a range of any length.
    boolean isUnknown(long from, long end) throws IOException {
        return !unsettled.meet(from, end) && file.nextData(position(from), position(end)) == position(end);
    }

    private static long position(long block) {
        return SLOTS_AT + block * Integer.BYTES;
    }

    private static int crc(byte[] bytes, int length) {
        var crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    void force() throws IOException {
        file.force();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    @Override
    public String toString() {
        return "sums of %d bytes".formatted(sizeBytes);
    }
}
