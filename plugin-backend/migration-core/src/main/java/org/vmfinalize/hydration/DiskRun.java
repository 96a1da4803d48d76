package org.vmfinalize.hydration;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.disk.GuestWatch;
import org.vmfinalize.disk.LiveDisk;
import org.vmfinalize.disk.MissingBlocks;

/// One attempt to hydrate one disk, piece by piece.
///
/// **Threads:** any number make steps; the count of those under way is kept under the pool's lock.
final class DiskRun {

    /// How much may be lost, and is copied again, when the server dies.
    private static final long FLUSH_BYTES = 512L << 20;

    private final LiveDisk disk;
    private final MissingBlocks missing;
    private final boolean keepSpace;
    private final Pieces pieces;
    private final boolean remote;
    private final WriteBehind behind;
    private final Unread unread = new Unread();
    private final ReentrantLock storing = new ReentrantLock();
    private final AtomicLong sinceFlush = new AtomicLong();
    private volatile boolean exhausted;
    private int underWay;
    private long begun;

    /// @param keepSpace whether blocks of zeros keep space that was reserved for them
    /// @throws IOException if the backup is away
    DiskRun(LiveDisk disk, boolean keepSpace) throws IOException {
        this.disk = disk;
        this.missing = disk.missing();
        this.behind = WriteBehind.of(disk);
        this.keepSpace = keepSpace;
        this.pieces = new Pieces(missing, disk.hot(), disk.size(), HydrationPool.PIECE_BYTES);
        this.remote = missing.isRemote();
    }

    /// What could not be read, after all else was copied.
    @Nullable
    IOException unread() {
        return unread.first();
    }

    GuestWatch guest() {
        return disk.guest();
    }

    /// Whether there is nothing left to begin.
    boolean isExhausted() {
        return exhausted;
    }

    /// Whether it has less under way than `other`, or else has had less.
    boolean isBehind(DiskRun other) {
        return underWay < other.underWay || (underWay == other.underWay && begun < other.begun);
    }

    void pieceBegins() {
        begun++;
        underWay++;
    }

    void pieceEnds() {
        underWay--;
    }

    /// Copies the next piece.
    void step(ByteBuffer buffer, MachineRun machine) {
        try {
            var piece = pieces.next();
            machine.pace().settle(piece == null || piece.zeros() ? 0 : piece.range().length());
            if (piece == null) {
                exhausted = true;
            } else if (piece.zeros()) {
                missing.fillZeros(piece.range(), keepSpace);
            } else {
                copy(piece, buffer, machine);
            }
        } catch (IOException | RuntimeException | Error e) {
            machine.fail(e);
        }
    }

    /// The system lets one writer at a time into a file: others would only spin for it, and the guest would stand in line
    /// behind all of them.
    private void store(ByteBuffer data, long position) throws IOException {
        storing.lock();
        try {
            missing.fill(data, position, keepSpace);
        } finally {
            storing.unlock();
        }
    }

    private void copy(Pieces.Piece piece, ByteBuffer buffer, MachineRun machine) throws IOException {
        long length = piece.range().length();
        buffer.clear().limit(Math.toIntExact(length));
        long began = System.nanoTime();
        if (!tryRead(piece, buffer, machine)) {
            return;
        }
        long read = System.nanoTime();
        if (machine.isStopped()) {
            return; // after a read that hung, the run may have been over for long
        }
        store(buffer.flip(), piece.range().start());
        behind.wrote(piece.range());
        if (sinceFlush.addAndGet(length) >= FLUSH_BYTES) {
            sinceFlush.set(0);
            disk.flush();
        }
        machine.pace().spent(read - began, System.nanoTime() - read, remote);
    }

    /// A bad place is stepped around; a backup that is away is not asked for all the rest.
    private boolean tryRead(Pieces.Piece piece, ByteBuffer buffer, MachineRun machine) throws IOException {
        try {
            missing.read(buffer, piece.range().start());
            unread.readable();
            return true;
        } catch (IOException e) {
            if (machine.isStopped()) {
                return false;
            }
            if (unread.isTooMuch(e)) {
                throw e;
            }
            return false;
        }
    }
}
