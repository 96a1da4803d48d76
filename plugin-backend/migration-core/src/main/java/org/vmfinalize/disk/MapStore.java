package org.vmfinalize.disk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;

/// The block map as it is stored in a live disk's folder: a checkpoint, `map`, and the journal that goes on from it,
/// `journal-GENERATION`.
///
/// The order of steps when a checkpoint is written makes every crash harmless: the new journal exists before the
/// checkpoint that names it, and the old one is deleted after.
///
/// Not safe for threads.
final class MapStore implements AutoCloseable {

    static final String MAP = "map";
    private static final String NEW_MAP = "map.new";

    private final Volume volume;
    private final Path folder;
    private final UUID diskId;
    private final long sizeBytes;
    private long generation;
    private MapJournal journal;

    private MapStore(Volume volume, Path folder, UUID diskId, long sizeBytes, long generation,
            MapJournal journal) {
        this.volume = volume;
        this.folder = folder;
        this.diskId = diskId;
        this.sizeBytes = sizeBytes;
        this.generation = generation;
        this.journal = journal;
    }

    /// A store together with what it held when it was opened.
    record Opened(MapStore store, LocalBlocks blocks) {}

    /// Stores a first map in a folder that has none.
    static Opened create(Volume volume, Path folder, UUID diskId, long sizeBytes) throws IOException {
        var map = new BlockMap(Math.ceilDiv(sizeBytes, (long) BlockMap.BLOCK_BYTES),
                new ScratchBits(volume, folder));
        return create(volume, folder, diskId, sizeBytes, map);
    }

    /// Stores a map that is known already in a folder that has none.
    static Opened create(Volume volume, Path folder, UUID diskId, long sizeBytes, BlockMap map)
            throws IOException {
        var blocks = new LocalBlocks(map);
        long generation = 1;
        var journal = MapJournal.create(volume.create(journalFile(folder, generation)), diskId, generation);
        try (var file = volume.create(folder.resolve(NEW_MAP))) {
            MapCheckpoint.write(file, diskId, sizeBytes, generation, blocks);
        }
        volume.rename(folder.resolve(NEW_MAP), folder.resolve(MAP));
        volume.forceFolder(folder);
        return new Opened(new MapStore(volume, folder, diskId, sizeBytes, generation, journal), blocks);
    }

    /// Reads what is stored.
    ///
    /// @throws DamagedStateException if it cannot be trusted
    static Opened open(Volume volume, Path folder, UUID diskId, long sizeBytes) throws IOException {
        return open(volume, folder, diskId, sizeBytes, (_, _, _) -> {
        });
    }

    /// The same for somebody who wants to hear of the journal's marks, too, in whatever order.
    static Opened open(Volume volume, Path folder, UUID diskId, long sizeBytes, Marks.Reader journalMarks)
            throws IOException {
        MapCheckpoint.Stored stored;
        Path mapFile = folder.resolve(MAP);
        if (!volume.exists(mapFile)) {
            throw new DamagedStateException(
                    "%s: block map: must exist; put it back from a copy of the datastore, or discard the instant VM"
                            .formatted(mapFile));
        }
        try (var file = volume.open(mapFile)) {
            file.dropCached();
            stored = MapCheckpoint.read(mapFile, file, diskId, sizeBytes, new ScratchBits(volume, folder));
        }
        var map = stored.map();
        Path journalFile = journalFile(folder, stored.generation());
        if (!volume.exists(journalFile)) {
            throw new DamagedStateException(
                    "%s: journal: must exist; put it back from a copy of the datastore, or discard the instant VM"
                            .formatted(journalFile));
        }
        var file = volume.open(journalFile);
        try {
            file.dropCached();
            var marks = new SortedMarks(map, journalMarks);
            var journal = MapJournal.open(journalFile, file, diskId, stored.generation(),
                    map.blockCount(), marks);
            marks.apply();
            var store = new MapStore(volume, folder, diskId, sizeBytes, stored.generation(), journal);
            store.deleteLeftovers();
            // The process may have died between the rename of a checkpoint and this.
            volume.forceFolder(folder);
            return new Opened(store, new LocalBlocks(map));
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    /// Marks a map in the order of its blocks, some hundred thousand marks at a time: a guest that writes here and there
    /// would otherwise have each of its marks touch another part of the map.
    private static final class SortedMarks implements Marks.Reader {

        private final BlockMap map;
        private final Marks.Reader alsoTold;
        private final Marks marks = new Marks();

        SortedMarks(BlockMap map, Marks.Reader alsoTold) {
            this.map = map;
            this.alsoTold = alsoTold;
        }

        @Override
        public void mark(long firstBlock, int blockCount, Origin origin) throws IOException {
            marks.add(firstBlock, firstBlock + blockCount, origin);
            if (marks.size() == Marks.MAX_SORTED) {
                apply();
            }
        }

        void apply() throws IOException {
            marks.forEachSorted((first, count, origin) -> {
                map.mark(first, first + count, origin);
                alsoTold.mark(first, count, origin);
            });
            marks.clear();
        }
    }

    private static Path journalFile(Path folder, long generation) {
        return folder.resolve("journal-" + generation);
    }

    /// A crash between two steps of a checkpoint leaves files that nothing refers to.
    private void deleteLeftovers() throws IOException {
        volume.delete(folder.resolve(NEW_MAP));
        volume.delete(journalFile(folder, generation + 1));
        volume.delete(journalFile(folder, generation - 1));
    }

    long journalLength() {
        return journal.length();
    }

    /// Writes marks to the journal; they are durable after [#forceJournal()].
    void append(Marks marks) throws IOException {
        journal.append(marks);
    }

    void forceJournal() throws IOException {
        journal.force();
    }

    /// Writes a whole map and an empty journal. They count after [#adopt], before which the data must be durable.
    Prepared prepareCheckpoint(LocalBlocks blocks) throws IOException {
        deleteLeftovers();
        long next = generation + 1;
        var nextJournal = MapJournal.create(volume.create(journalFile(folder, next)), diskId, next);
        try {
            try (var file = volume.create(folder.resolve(NEW_MAP))) {
                MapCheckpoint.write(file, diskId, sizeBytes, next, blocks);
            }
            volume.forceFolder(folder);
            return new Prepared(next, nextJournal);
        } catch (IOException e) {
            nextJournal.close();
            throw e;
        }
    }

    /// A checkpoint that does not count yet.
    record Prepared(long generation, MapJournal journal) {}

    /// Makes a checkpoint the one that counts. If that fails, nobody knows which one counts after a crash.
    void adopt(Prepared prepared) throws IOException {
        // The rename is the commit: before it the old map and its journal count.
        volume.rename(folder.resolve(NEW_MAP), folder.resolve(MAP));
        volume.forceFolder(folder);
        var old = journal;
        journal = prepared.journal;
        generation = prepared.generation;
        old.close();
        volume.delete(journalFile(folder, generation - 1));
    }

    @Override
    public void close() throws IOException {
        journal.close();
    }
}
