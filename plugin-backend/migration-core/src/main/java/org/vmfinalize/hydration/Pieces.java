package org.vmfinalize.hydration;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.backup.BackupDisk;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.Extent;
import org.vmfinalize.disk.HotRanges;
import org.vmfinalize.disk.MissingBlocks;

/// Cuts what a disk misses into pieces: first what the guest is likely to read next, then in the order in which the backup
/// reads best, then whatever is left.
///
/// The second round is what makes the disk whole, whatever a format's read order leaves out. Pieces do not cross
/// multiples of their largest size, which is a multiple of the backup's best read size.
///
/// **Threads:** any number take pieces; the look-up of the backup's extents is done by one at a time.
final class Pieces {

    /// Around a bad place, as much as possible is to become local.
    private static final int LAST_PIECE_BYTES = 64 << 10;

    /// A run of missing bytes.
    ///
    /// @param zeros whether the backup says that they are zeros
    record Piece(ByteRange range, boolean zeros) {}

    private final MissingBlocks missing;
    private final HotRanges hot;
    private final BackupDisk backup;
    private final long diskSize;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private Iterator<Extent> extents;

    @GuardedBy("lock")
    private long pieceBytes;

    @GuardedBy("lock")
    private boolean lastRound;

    /// The part of the current extent that was not given out yet.
    @GuardedBy("lock")
    private ByteRange rest = new ByteRange(0, 0);

    @GuardedBy("lock")
    private boolean restIsZeros;

    @GuardedBy("lock")
    private boolean behindBackup;

    Pieces(MissingBlocks missing, HotRanges hot, long diskSize, int pieceBytes) throws IOException {
        this.missing = missing;
        this.hot = hot;
        this.backup = missing.backup();
        this.diskSize = diskSize;
        this.pieceBytes = pieceBytes;
        this.extents = iterate(backup::readOrder);
    }

    private interface Lookup {
        Iterator<Extent> extents() throws IOException;
    }

    private static Iterator<Extent> iterate(Lookup lookup) throws IOException {
        try {
            return lookup.extents();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /// The next piece; null if none is left.
    @Nullable
    Piece next() throws IOException {
        lock.lock();
        try {
            for (var range = hot.poll(); range != null; range = hot.poll()) {
                var run = missing.next(range);
                if (!run.isEmpty()) {
                    return new Piece(new ByteRange(run.start(), endOf(run)), false);
                }
            }
            while (true) {
                var run = missing.next(rest);
                if (!run.isEmpty()) {
                    return cut(run);
                }
                if (!advance()) {
                    return null;
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private Piece cut(ByteRange run) {
        long end = restIsZeros ? run.end() : endOf(run);
        rest = new ByteRange(end, Math.max(end, rest.end()));
        return new Piece(new ByteRange(run.start(), end), restIsZeros);
    }

    @GuardedBy("lock")
    private long endOf(ByteRange run) {
        return Math.min(run.end(), (run.start() / pieceBytes + 1) * pieceBytes);
    }

    /// Goes on to the next extent.
    @GuardedBy("lock")
    private boolean advance() throws IOException {
        if (extents.hasNext()) {
            var extent = extents.next();
            restIsZeros = extent.kind() == Extent.Kind.ZERO;
            rest = restIsZeros ? wholeBlocks(extent.range()) : touchedBlocks(extent.range());
            return true;
        }
        if (!lastRound) {
            lastRound = true;
            extents = iterate(() -> backup.extents(new ByteRange(0, backup.size())));
            rest = new ByteRange(0, 0);
            return true;
        }
        if (!behindBackup) {
            // What lies behind the backup's end, in a block that two extents share, or where a read has failed.
            behindBackup = true;
            pieceBytes = LAST_PIECE_BYTES;
            restIsZeros = false;
            rest = new ByteRange(0, diskSize);
            return true;
        }
        return false;
    }

    private static ByteRange wholeBlocks(ByteRange range) {
        long start = Math.ceilDiv(range.start(), (long) MissingBlocks.BLOCK_BYTES)
                * MissingBlocks.BLOCK_BYTES;
        long end = range.end() / MissingBlocks.BLOCK_BYTES * MissingBlocks.BLOCK_BYTES;
        return new ByteRange(start, Math.max(start, end));
    }

    private ByteRange touchedBlocks(ByteRange range) {
        long start = range.start() / MissingBlocks.BLOCK_BYTES * MissingBlocks.BLOCK_BYTES;
        long end = Math.ceilDiv(range.end(), (long) MissingBlocks.BLOCK_BYTES) * MissingBlocks.BLOCK_BYTES;
        return new ByteRange(start, Math.min(diskSize, end));
    }
}
