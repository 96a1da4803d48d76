package org.vmfinalize.hydration;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.disk.LiveDisk;
import org.vmfinalize.disk.MissingBlocks;

/// Copies what a live disk misses from its backup.
///
/// It can be stopped and run again at any time: what is local by then stays so. Memory: one buffer per thread, taken
/// once.
///
/// **Threads:** its own workers, named `hydrate-DISK-N`; they wait for the backup, the datastore and the limit, and end
/// when nothing is left, when one of them fails, or at [#stop()]. They are stopped by a flag and never interrupted, since
/// that would close the files.
public final class Hydrator {

    /// As many pieces at a time as keep a disk, a place far away and the processors busy.
    public static final int DEFAULT_THREADS = 16;

    /// 1 MiB: large enough for a disk's full speed, small enough that a guest does not wait long for its range.
    private static final int PIECE_BYTES = 1 << 20;

    /// How much may be lost, and is copied again, when the server dies.
    private static final long FLUSH_BYTES = 512L << 20;

    /// How long a stop waits for the workers.
    private static final Duration HANG = Duration.ofSeconds(2);

    private static final Duration LOOK_FOR_STOP = Duration.ofMillis(50);

    private final LiveDisk disk;
    private final RateLimit limit;
    private final boolean keepSpace;
    private final int threads;
    private final AtomicLong sinceFlush = new AtomicLong();
    private volatile boolean stopped;

    /// @param limit may be shared with others
    /// @param keepSpace whether blocks of zeros keep space that was reserved for them
    /// @param threads how many pieces are under way at the same time, at least 1
    public Hydrator(LiveDisk disk, RateLimit limit, boolean keepSpace, int threads) {
        this.disk = disk;
        this.limit = limit;
        this.keepSpace = keepSpace;
        this.threads = threads;
    }

    /// Copies until nothing is missing or [#stop()] was called, then makes it durable.
    ///
    /// @return whether the disk is wholly local now
    /// @throws org.vmfinalize.backup.FormatException if the backup is damaged; trying again is useless
    /// @throws IOException the first failure of backup or datastore; running again later goes on
    public boolean run() throws IOException {
        var missing = disk.missing();
        if (!missing.isEmpty() && !stopped) {
            limit.close();
            copy(missing);
            disk.flush();
        }
        return missing.isEmpty();
    }

    private void copy(MissingBlocks missing) throws IOException {
        var pieces = new Pieces(missing, disk.size(), PIECE_BYTES);
        var failure = new AtomicReference<@Nullable Throwable>();
        var workers = new ArrayList<Thread>();
        for (int i = 0; i < threads; i++) {
            workers.add(Thread.ofPlatform().name("hydrate-" + disk.name() + "-" + i).daemon()
                    .start(() -> work(missing, pieces, failure)));
        }
        joinUnlessTheyHang(workers);
        switch (failure.get()) {
            case null -> {
            }
            case IOException e -> throw e;
            case Throwable e ->
                throw new IOException("disk %s: hydration failed (%s)".formatted(disk.name(), e), e);
        }
    }

    private void work(MissingBlocks missing, Pieces pieces, AtomicReference<@Nullable Throwable> failure) {
        try {
            var buffer = ByteBuffer.allocateDirect(PIECE_BYTES);
            while (!stopped && failure.get() == null) {
                var piece = pieces.next();
                if (piece == null) {
                    return;
                }
                if (piece.zeros()) {
                    missing.fillZeros(piece.range(), keepSpace);
                } else {
                    copyPiece(missing, piece, buffer);
                }
            }
        } catch (IOException | RuntimeException | Error e) {
            failure.compareAndSet(null, e);
            limit.open(); // nobody shall wait for bytes that will not be moved
        }
    }

    private void copyPiece(MissingBlocks missing, Pieces.Piece piece, ByteBuffer buffer) throws IOException {
        long length = piece.range().length();
        limit.take(length);
        if (stopped) {
            return;
        }
        buffer.clear().limit(Math.toIntExact(length));
        missing.read(buffer, piece.range().start());
        if (stopped) {
            return; // after a read that hung, [#run()] may have returned long ago
        }
        missing.fill(buffer.flip(), piece.range().start(), keepSpace);
        if (sinceFlush.addAndGet(length) >= FLUSH_BYTES) {
            sinceFlush.set(0);
            disk.flush();
        }
    }

    /// Makes [#run()] return soon: after the pieces that are under way, or without those that hang in the backup.
    public void stop() {
        stopped = true;
        limit.open();
    }

    /// Waits for all workers' end; once they are to stop, no longer than a read takes that does not hang. One that is
    /// left behind drops what it reads, should that ever come.
    private void joinUnlessTheyHang(List<Thread> workers) {
        boolean interrupted = false;
        long stopSeenAt = System.nanoTime();
        while (workers.stream().anyMatch(Thread::isAlive)) {
            if (!stopped) {
                stopSeenAt = System.nanoTime();
            } else if (System.nanoTime() - stopSeenAt > HANG.toNanos()) {
                break;
            }
            try {
                for (var worker : workers) {
                    if (!worker.join(LOOK_FOR_STOP)) {
                        break;
                    }
                }
            } catch (InterruptedException _) {
                interrupted = true; // kept for the caller; the workers must come to their end first
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
