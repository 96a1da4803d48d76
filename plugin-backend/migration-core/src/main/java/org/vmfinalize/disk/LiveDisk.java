package org.vmfinalize.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.backup.ByteRange;

/// One image, merged from a backup disk and from what the guest wrote since.
///
/// A read asks the flat file for what is local and the backup for the rest. A write goes to its final place in the flat
/// file; it reads the backup only for the unaligned edges of a block that is not local. Blocks are 4 KiB.
///
/// **Durability:** a write is durable when the next [#flush()] returns: first the data, then the map that says that
/// they are local. After a failed flush for a reason other than space the disk is read-only.
///
/// **Threads:** any number. Nobody holds a lock while reading the backup. A writer holds its range while it writes to the
/// flat file, so that a block's first content is put there by one thread only. No thread may be interrupted in here.
public final class LiveDisk implements AutoCloseable {

    /// The largest virtual disk that vSphere takes: 62 TiB.
    public static final long MAX_BYTES = 62L << 40;

    /// Sizes are multiples of this.
    public static final int SECTOR_BYTES = 512;

    private static final int BLOCK = BlockMap.BLOCK_BYTES;
    private static final int SHIFT = Integer.numberOfTrailingZeros(BLOCK);

    private final String name;
    private final long size;
    private final VolumeFile flat;
    private final LocalBlocks blocks;
    private final BlockMap map;
    private final BlockSums sums;
    private final PatientBackup backup;
    private final RangeLock ranges = new RangeLock();
    private final Durability durability;
    private final GuestWatch guest = new GuestWatch();
    private final MissReads misses;
    private volatile Path flatFile;
    private volatile @Nullable WriteWatch watch;

    private LiveDisk(String name, long size, Path flatFile, VolumeFile flat, Volume volume, Path folder,
            MapStore.Opened stored, BlockSums sums, BackupDiskSource source, LiveDiskSettings settings) {
        this.name = name;
        this.size = size;
        this.flatFile = flatFile;
        this.flat = flat;
        this.blocks = stored.blocks();
        this.map = blocks.map();
        this.sums = sums;
        this.backup = new PatientBackup(name, source, settings.backupPatience());
        this.durability = new Durability(name, flat, volume, folder, stored.store(), blocks, sums,
                settings.journalBytes());
        this.misses = new MissReads(size, map, backup, missing());
    }

    /// Makes a disk of which nothing is local.
    ///
    /// @param folder an empty folder for its state
    /// @param flatFile does not exist yet; gets `sizeBytes` bytes that take no space
    /// @throws IllegalArgumentException if the size is not allowed, see [#checkSize]
    public static LiveDisk create(Volume volume, Path folder, Path flatFile, String name, UUID id,
            long sizeBytes,
            BackupDiskSource source, LiveDiskSettings settings) throws IOException {
        checkSize(name, sizeBytes);
        var flat = volume.create(flatFile);
        try {
            flat.setLength(sizeBytes);
            flat.force();
            var sums = BlockSums.create(volume, folder, id, sizeBytes);
            return of(sums, () -> MapStore.create(volume, folder, id, sizeBytes),
                    stored -> new LiveDisk(name, sizeBytes, flatFile, flat, volume, folder, stored, sums,
                            source,
                            settings));
        } catch (IOException e) {
            flat.close();
            throw e;
        }
    }

    /// Opens a disk that was made before.
    ///
    /// @throws DamagedStateException if its map, journal or flat file are not what they must be
    public static LiveDisk open(Volume volume, Path folder, Path flatFile, String name, UUID id,
            long sizeBytes,
            BackupDiskSource source, LiveDiskSettings settings) throws IOException {
        checkSize(name, sizeBytes);
        if (!volume.exists(flatFile)) {
            throw new DamagedStateException(
                    "%s: must be the file of live disk %s but is not there; put it back, or discard the instant VM"
                            .formatted(flatFile, name));
        }
        var flat = volume.open(flatFile);
        try {
            flat.dropCached();
            if (flat.size() != sizeBytes) {
                throw new DamagedStateException(
                        "%s: must have %d bytes but has %d; put the right file back, or discard the instant VM"
                                .formatted(flatFile, sizeBytes, flat.size()));
            }
            var sums = BlockSums.open(volume, folder, id, sizeBytes);
            return of(sums, () -> openMap(volume, folder, id, sizeBytes, sums),
                    stored -> new LiveDisk(name, sizeBytes, flatFile, flat, volume, folder, stored, sums,
                            source,
                            settings));
        } catch (IOException e) {
            flat.close();
            throw e;
        }
    }

    private static MapStore.Opened openMap(Volume volume, Path folder, UUID id, long sizeBytes,
            BlockSums sums)
            throws IOException {
        var replay = sums.replay();
        var opened = MapStore.open(volume, folder, id, sizeBytes, replay);
        replay.finish();
        return opened;
    }

    private interface Map {
        MapStore.Opened get() throws IOException;
    }

    private static LiveDisk of(BlockSums sums, Map map, Function<MapStore.Opened, LiveDisk> disk)
            throws IOException {
        try {
            return disk.apply(map.get());
        } catch (IOException e) {
            sums.close();
            throw e;
        }
    }

    /// Refuses sizes that a live disk cannot have.
    ///
    /// @throws IllegalArgumentException unless it is a multiple of 512 from 512 to [#MAX_BYTES]
    public static void checkSize(String name, long sizeBytes) {
        if (sizeBytes <= 0 || sizeBytes > MAX_BYTES || sizeBytes % SECTOR_BYTES != 0) {
            throw new IllegalArgumentException(
                    "disk %s: the size must be a multiple of 512 from 512 to %d bytes (62 TiB) but was %d"
                            .formatted(name, MAX_BYTES, sizeBytes));
        }
    }

    /// The file that has the disk's bytes in the end. It has exactly [#size()] bytes at all times.
    public Path flatFile() {
        return flatFile;
    }

    /// Tells the disk that its file has a new name.
    public void flatFileRenamed(Path newName) {
        flatFile = newName;
    }

    /// The disk's name, for people.
    public String name() {
        return name;
    }

    /// The size in bytes, a multiple of 512.
    public long size() {
        return size;
    }

    /// Whether a read of the range will not touch the backup. It never becomes false again.
    public boolean isLocal(long position, long length) {
        check(position, length);
        long end = endBlock(position + length);
        return map.isComplete() || map.nextMissing(position >> SHIFT, end) == end;
    }

    /// Whether a write of the range will not touch the backup: its edges are aligned or lie in local blocks.
    public boolean writesWithoutBackup(long position, long length) {
        check(position, length);
        return length == 0 || (!hasMissingHead(position) && !hasMissingTail(position + length));
    }

    private boolean hasMissingHead(long position) {
        return position % BLOCK != 0 && !map.isLocal(position >> SHIFT);
    }

    private boolean hasMissingTail(long end) {
        return end % BLOCK != 0 && end != size && !map.isLocal(end >> SHIFT);
    }

    /// Fills `target` with the bytes at `position`.
    ///
    /// May wait for the backup, so call it on a virtual thread unless [#isLocal] says that it will not.
    ///
    /// @throws BackupUnavailableException if blocks are not local and the backup is away for too long
    /// @throws IllegalArgumentException if the range is not inside the disk
    public void read(ByteBuffer target, long position) throws IOException {
        check(position, target.remaining());
        int limit = target.limit();
        long end = position + target.remaining();
        try {
            for (long at = position; at < end;) {
                // A block that becomes local while the backup is read for it: this read began before that write
                // was acknowledged, so either content is right.
                boolean local = map.isLocal(at >> SHIFT);
                long stop = Math.min(end, runEnd(at, endBlock(end), local) << SHIFT);
                target.limit(target.position() + (int) (stop - at));
                if (local) {
                    flat.read(target, at);
                } else {
                    misses.read(target, at);
                }
                at = stop;
            }
        } finally {
            target.limit(limit);
        }
    }

    /// The block behind `position`'s block up to which all are as that one was found.
    private long runEnd(long position, long endBlock, boolean local) {
        long next = (position >> SHIFT) + 1;
        return local ? map.nextMissing(next, endBlock) : map.nextLocal(next, endBlock);
    }

    /// Writes all of `source` at `position`. Others see it at once; it is durable after [#flush()].
    ///
    /// @throws NoSpaceException if the datastore is full; the range then holds old or new bytes, sector by sector
    /// @throws DiskReadOnlyException after a failed flush
    /// @throws BackupUnavailableException if an unaligned edge needs the backup and it is away for too long
    /// @throws IllegalArgumentException if the range is not inside the disk
    public void write(ByteBuffer source, long position) throws IOException {
        check(position, source.remaining());
        durability.checkWritable();
        if (!source.hasRemaining()) {
            return;
        }
        if (durability.isSealed()) {
            flat.write(source, position);
            return;
        }
        long end = position + source.remaining();
        var head = hasMissingHead(position) ? edge(position >> SHIFT) : null;
        var tail = hasMissingTail(end)
                ? head != null && head.block == end >> SHIFT ? head : edge(end >> SHIFT)
                : null;
        try (var _ = ranges.hold(blockRange(position, end))) {
            boolean news = sums.guestWrites(position >> SHIFT, endBlock(end));
            // A block may have become local since its edge was read: then the edge is stale and must stay unused.
            if (head != null && !map.isLocal(head.block)) {
                flat.write(head.bytes.slice(0, (int) (position % BLOCK)), position - position % BLOCK);
            }
            if (tail != null && !map.isLocal(tail.block)) {
                int from = (int) (end % BLOCK);
                flat.write(tail.bytes.slice(from, tail.bytes.limit() - from), end);
            }
            flat.write(source, position);
            mark(position >> SHIFT, endBlock(end), Origin.GUEST);
            markGuests(news, position >> SHIFT, endBlock(end));
        } finally {
            tellWatch(position, end - position);
        }
        durability.limitPendingMarks();
    }

    /// The backup's content of a block that a write covers in part.
    private record Edge(long block, ByteBuffer bytes) {}

    private Edge edge(long block) throws IOException {
        long start = block << SHIFT;
        var bytes = ByteBuffer.allocate((int) Math.min(BLOCK, size - start));
        backup.read(bytes, start);
        return new Edge(block, bytes.flip());
    }

    /// Makes a range read as zeros, and gives the space of whole blocks back to the datastore.
    ///
    /// Fails like [#write]; durable after [#flush()].
    public void zero(long position, long length) throws IOException {
        check(position, length);
        durability.checkWritable();
        if (durability.isSealed()) {
            flat.zero(position, length, false);
            return;
        }
        long end = position + length;
        long from = Math.min(end, Math.ceilDiv(position, (long) BLOCK) << SHIFT);
        long to = end == size ? end : Math.max(from, end >> SHIFT << SHIFT);
        writeZeros(position, from);
        for (long at = from; at < to;) {
            long stop = Math.min(to, at + MissingBlocks.MAX_HELD_BYTES);
            try (var _ = ranges.hold(new ByteRange(at, stop))) {
                boolean news = sums.guestWrites(at >> SHIFT, endBlock(stop));
                flat.zero(at, stop - at, false);
                mark(at >> SHIFT, endBlock(stop), Origin.ZERO);
                markGuests(news, at >> SHIFT, endBlock(stop));
            } finally {
                tellWatch(at, stop - at);
            }
            at = stop;
        }
        writeZeros(to, end);
    }

    private void writeZeros(long from, long to) throws IOException {
        if (from < to) {
            write(ByteBuffer.allocate((int) (to - from)), from);
        }
    }

    private void mark(long from, long end, Origin origin) {
        if (!map.isComplete() && map.nextMissing(from, end) < end) {
            durability.pendingMarks(blocks.mark(from, end, origin));
        }
    }

    /// Has the journal know of a guest's write over blocks that may be local already. The data are written by now.
    private void markGuests(boolean news, long from, long end) {
        if (news) {
            durability.pendingMarks(blocks.guestChanged(from, end));
        }
    }

    private void tellWatch(long position, long length) {
        var told = watch;
        if (told != null) {
            told.written(position, length);
        }
    }

    /// Has `newWatch` told of each write from now on, until the disk is sealed; null tells nobody. There is one at a time.
    public void watchWrites(@Nullable WriteWatch newWatch) {
        watch = newWatch;
    }

    /// The door for whoever reads the disk back and proves what it has.
    ///
    /// @throws IOException if the disk was made by a version that did not keep what that needs
    public BlockProof proof() throws IOException {
        if (!sums.isComplete()) {
            throw new IOException(
                    "disk %s: cannot be verified, since it was made by a version that kept no checksums; finalize it without"
                            .formatted(name));
        }
        return new BlockProof(name, size, flat, sums, backup);
    }

    /// Makes all writes that have returned durable. Callers that come at the same time share the work.
    ///
    /// @throws NoSpaceException if the journal does not fit on the datastore; calling again later may help
    /// @throws DiskReadOnlyException if the storage failed, now or earlier
    public void flush() throws IOException {
        durability.flush();
    }

    /// How long the guest waits for this disk; whoever serves it to a guest tells.
    public GuestWatch guest() {
        return guest;
    }

    /// Where the guest has read lately what was not local.
    public HotRanges hot() {
        return misses.hot();
    }

    /// The door for whoever hydrates this disk.
    public MissingBlocks missing() {
        return new MissingBlocks(name, size, flat, blocks, sums, ranges, backup, durability);
    }

    /// The first position in `[from, end)` at which the flat file has bytes stored; `end` if it has none there. A local
    /// block that is not stored is zeros.
    public long nextStored(long from, long end) throws IOException {
        return from < end ? Math.min(end, flat.nextData(from, end)) : end;
    }

    /// Reserves space for the whole disk.
    ///
    /// @return false if the file system cannot; then only what is written takes space, see [#fillHoles]
    /// @throws NoSpaceException if there is too little
    public boolean reserve() throws IOException {
        return flat.reserve(0, size);
    }

    /// Writes zeros to where the flat file has holes, so that the whole range takes space. The range must be local.
    public void fillHoles(ByteRange range) throws IOException {
        durability.checkWritable();
        // Guests write under the same lock, so a hole that is seen here stays one until it is filled.
        try (var _ = ranges.hold(range)) {
            long hole = flat.nextHole(range.start(), range.end());
            while (hole < range.end()) {
                long data = flat.nextData(hole, range.end());
                flat.write(ByteBuffer.allocate(Math.toIntExact(data - hole)), hole);
                hole = flat.nextHole(data, range.end());
            }
        }
    }

    /// Lets go of the backup. All blocks must be local.
    ///
    /// Renaming the state's folder, see [#sealedFolder], is one step, so after a crash the disk is still live, or
    /// complete.
    /// This object goes on working as plain file access.
    ///
    /// @throws IllegalStateException if blocks are missing
    public void seal() throws IOException {
        if (!map.isComplete()) {
            throw new IllegalStateException(
                    "disk %s: all blocks must be local but %d bytes are not; hydrate it first"
                            .formatted(name, counters().toDoBytes()));
        }
        durability.seal();
        backup.close();
        map.allLocal();
    }

    /// Whether [#seal()] has succeeded.
    public boolean isSealed() {
        return durability.isSealed();
    }

    /// The place of the backup that could not be read for longest, if there is one now: by guests or by the hydrator.
    public Optional<BackupTrouble> backupTrouble() {
        return backup.trouble();
    }

    /// Asks the backup for a sector, first of all at the places that could not be read, so that trouble that nobody meets is
    /// found, and trouble that is over is forgotten. Waits for as long as guests' reads do; true once the disk is sealed.
    public boolean backupAnswers() {
        return isSealed() || backup.answers();
    }

    /// How many reads of the backup have failed since the disk was opened.
    public long failedBackupReads() {
        return backup.failures();
    }

    /// The disk in equal parts, for a picture of it. Takes no more memory and reads no more for a larger disk.
    ///
    /// @param count how many parts are wanted, from 1 on; a disk of few blocks has one for each block
    public List<DiskCell> cells(int count) throws IOException {
        return new DiskCells(map, sums, size).list(count);
    }

    /// How far the disk is.
    public DiskCounters counters() {
        return blocks.counters(size);
    }

    /// Makes what was written durable where that is possible, and closes the files. Reads and writes under way may fail.
    @Override
    public void close() throws IOException {
        backup.close();
        misses.close();
        try (sums; flat; Closeable _ = map::close) {
            durability.close();
        }
    }

    private void check(long position, long length) {
        if (position < 0 || length < 0 || position > size - length) {
            throw new IllegalArgumentException("disk %s: a range must lie in [0, %d) but was %d bytes at %d"
                    .formatted(name, size, length, position));
        }
    }

    private static long endBlock(long end) {
        return Math.ceilDiv(end, (long) BLOCK);
    }

    private static ByteRange blockRange(long position, long end) {
        return new ByteRange(position >> SHIFT << SHIFT, endBlock(end) << SHIFT);
    }

    @Override
    public String toString() {
        return "live disk " + name;
    }

    /// The name that the folder of a disk's state has once the disk is sealed. Its content means nothing any more.
    public static Path sealedFolder(Path folder) {
        return Durability.sealedFolder(folder);
    }
}
