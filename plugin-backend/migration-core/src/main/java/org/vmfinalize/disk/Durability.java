package org.vmfinalize.disk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What makes a live disk survive a crash: the order of data, journal, checkpoint and seal.
///
/// **Order:** a mark is made after its data were written. A flush takes the marks made so far, forces the data, then
/// writes the marks to the journal and forces it. So the stored map never says more than is stored.
///
/// **Threads:** any number; one at a time flushes or seals, for all that wait.
final class Durability {

    private static final Logger LOG = LoggerFactory.getLogger(Durability.class);
    private static final String SEALED = ".sealed";

    /// More marks than this are not kept in memory between two flushes: 4 MiB.
    private static final int MAX_PENDING_MARKS = 1 << 18;

    /// How much of what a crash left to do for the sums one flush does. The journal of the longest run of flushes that
    /// this takes stays below [MapJournal#MAX_BYTES].
    private static final int SETTLED_AT_ONCE = 1 << 15;

    private final String name;
    private final VolumeFile flat;
    private final Volume volume;
    private final Path folder;
    private final LocalBlocks blocks;
    private final BlockSums sums;
    private final long journalBytes;
    private final GroupCommit commits = new GroupCommit(this::flushAlone);

    /// Used by whoever [#commits] lets in.
    private final MapStore store;

    /// The journal's length at which the next checkpoint is tried. Used as [#store] is.
    private long nextCheckpointAt;

    private volatile int pendingMarks;
    private volatile boolean sealed;
    private volatile @Nullable IOException failure;

    Durability(String name, VolumeFile flat, Volume volume, Path folder, MapStore store, LocalBlocks blocks,
            BlockSums sums, long journalBytes) {
        this.name = name;
        this.flat = flat;
        this.volume = volume;
        this.folder = folder;
        this.store = store;
        this.blocks = blocks;
        this.sums = sums;
        this.journalBytes = journalBytes;
        this.nextCheckpointAt = journalBytes;
    }

    static Path sealedFolder(Path folder) {
        return folder.resolveSibling(folder.getFileName() + SEALED);
    }

    boolean isSealed() {
        return sealed;
    }

    void checkWritable() throws DiskReadOnlyException {
        var cause = failure;
        if (cause != null) {
            throw new DiskReadOnlyException(
                    "disk %s: is read-only since its storage failed to make data durable (%s); check the datastore's "
                            .formatted(name, cause.getMessage()) + "file system, then restart the server",
                    cause);
        }
    }

    /// Remembers how many marks wait for the journal.
    void pendingMarks(int count) {
        pendingMarks = count;
    }

    /// Flushes when many marks wait, so that memory stays small even if nobody else flushes.
    void limitPendingMarks() throws IOException {
        if (pendingMarks > MAX_PENDING_MARKS) {
            flush();
        }
    }

    void flush() throws IOException {
        commits.commit();
    }

    private void flushAlone() throws IOException {
        checkWritable();
        var marks = blocks.takePending();
        try {
            force(flat::force);
            append(marks);
        } catch (IOException e) {
            blocks.putBack(marks);
            throw e;
        }
        pendingMarks = 0;
        if (!sealed && store.journalLength() >= nextCheckpointAt) {
            tryCheckpoint();
        }
    }

    private void append(Marks marks) throws IOException {
        if (!marks.isEmpty() && !sealed) {
            store.append(marks);
            force(store::forceJournal);
        }
    }

    /// A failed force is final: the system may have dropped what it could not write, and would not tell again.
    private void force(GroupCommit.Action force) throws IOException {
        try {
            force.run();
        } catch (IOException e) {
            failure = e;
            LOG.error("disk {}: making data durable failed; it is read-only until the server is restarted",
                    name, e);
            checkWritable();
        }
    }

    /// A checkpoint that does not fit is no harm: the journal goes on. After a crash it waits for the sums, which some
    /// flushes write bit by bit, so that no flush takes long.
    ///
    /// It is written while blocks go on being marked. So the data are forced after it and before it counts; marks that
    /// are in it and not in the journal yet get into the next journal once more, which changes nothing.
    private void tryCheckpoint() throws IOException {
        try {
            if (!sums.settle(SETTLED_AT_ONCE)) {
                return;
            }
            var prepared = store.prepareCheckpoint(blocks);
            force(flat::force);
            force(sums::force); // what only the old journal says of the guest's writes is about to go
            force(() -> store.adopt(prepared));
            nextCheckpointAt = journalBytes;
        } catch (DiskReadOnlyException e) {
            throw e;
        } catch (IOException e) {
            nextCheckpointAt = store.journalLength() + journalBytes;
            LOG.warn("disk {}: a checkpoint of the block map could not be written ({}); the journal goes on",
                    name,
                    e.getMessage());
        }
    }

    void seal() throws IOException {
        commits.alone(this::sealAlone);
    }

    private void sealAlone() throws IOException {
        if (sealed) {
            return;
        }
        flushAlone();
        // The rename is the commit: with its state's folder gone, the disk is the plain file that it now is.
        volume.rename(folder, sealedFolder(folder));
        sealed = true;
        force(() -> volume.forceFolder(parent()));
        store.close();
    }

    private Path parent() {
        return Objects.requireNonNull(folder.getParent());
    }

    void close() throws IOException {
        if (failure == null && !sealed) {
            try {
                flush();
            } finally {
                store.close();
            }
        } else if (!sealed) {
            store.close();
        }
    }
}
