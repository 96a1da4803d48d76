package org.vmfinalize.lab.guest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;

/// A disk that can be moved to another place while its machine uses it, as Storage vMotion does it: piece by piece; what is
/// written to a piece that is there already is written to both places; in the end the machine goes on with the new one.
///
/// **Threads:** any number; one moves at a time. Who reads or writes holds the gate shared; a piece is copied with the gate
/// held alone, so that nothing is written into it meanwhile: the guest waits that long, on purpose.
final class MovableDisk implements GuestDisk {

    private static final int PIECE = 1 << 20;

    private final ReentrantReadWriteLock gate = new ReentrantReadWriteLock(true);
    /// The four below change while the gate is held alone.
    private GuestDisk current;
    private GuestDisk target;
    private long copied;
    private boolean moving;

    MovableDisk(GuestDisk current) {
        this.current = current;
        this.target = current;
    }

    @Override
    public long size() {
        gate.readLock().lock();
        try {
            return current.size();
        } finally {
            gate.readLock().unlock();
        }
    }

    @Override
    public void read(ByteBuffer into, long position) throws IOException {
        gate.readLock().lock();
        try {
            current.read(into, position);
        } finally {
            gate.readLock().unlock();
        }
    }

    @Override
    public void write(byte[] content, long position, boolean stable, Runnable whenAcknowledged)
            throws IOException {
        gate.readLock().lock();
        try {
            current.write(content, position, stable, whenAcknowledged);
            if (moving && position < copied) {
                target.write(content, position, stable, () -> {
                });
            }
        } finally {
            gate.readLock().unlock();
        }
    }

    @Override
    public void commit() throws IOException {
        gate.readLock().lock();
        try {
            current.commit();
            if (moving) {
                target.commit();
            }
        } finally {
            gate.readLock().unlock();
        }
    }

    /// Moves it, and closes the place that it was at.
    ///
    /// @param to of the same size and all zeros
    /// @param keepsHoles whether pieces of zeros are left out
    /// @param progress is told how many bytes were copied
    /// @return false if it was cancelled; the machine goes on with the disk where it was then
    boolean moveTo(GuestDisk to, boolean keepsHoles, LongConsumer progress, BooleanSupplier cancelled)
            throws IOException {
        begin(to);
        try {
            while (copied < to.size()) {
                if (cancelled.getAsBoolean()) {
                    return false;
                }
                copyPiece(keepsHoles);
                progress.accept(copied);
            }
            switchOver();
            return true;
        } finally {
            end();
        }
    }

    private void begin(GuestDisk to) {
        gate.writeLock().lock();
        try {
            target = to;
            copied = 0;
            moving = true;
        } finally {
            gate.writeLock().unlock();
        }
    }

    private void copyPiece(boolean keepsHoles) throws IOException {
        gate.writeLock().lock();
        try {
            var piece = new byte[(int) Math.min(PIECE, target.size() - copied)];
            current.read(ByteBuffer.wrap(piece), copied);
            if (!keepsHoles || !isZero(piece)) {
                target.write(piece, copied, false, () -> {
                });
            }
            copied += piece.length;
        } finally {
            gate.writeLock().unlock();
        }
    }

    private static boolean isZero(byte[] piece) {
        for (byte each : piece) {
            if (each != 0) {
                return false;
            }
        }
        return true;
    }

    private void switchOver() throws IOException {
        gate.writeLock().lock();
        try {
            target.commit();
            current.commit();
            var before = current;
            current = target;
            before.close();
        } finally {
            gate.writeLock().unlock();
        }
    }

    private void end() {
        gate.writeLock().lock();
        try {
            moving = false;
            target = current;
        } finally {
            gate.writeLock().unlock();
        }
    }

    @Override
    public void close() throws IOException {
        current.close();
    }
}
