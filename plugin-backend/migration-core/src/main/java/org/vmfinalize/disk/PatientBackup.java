package org.vmfinalize.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.backup.BackupDisk;
import org.vmfinalize.backup.FormatException;

/// Reads a backup disk that may be away for a while. What lies behind its end reads as zeros.
///
/// **Threads:** any number; none waits for another.
final class PatientBackup {

    private static final long FIRST_PAUSE_NANOS = Duration.ofMillis(20).toNanos();
    private static final long LONGEST_PAUSE_NANOS = Duration.ofSeconds(1).toNanos();

    /// How long a read that neither answers nor fails is waited for by those who have no patience.
    private static final Duration LEAST_WAIT = Duration.ofSeconds(10);

    /// With another copy at hand, a read is not waited for until patience is over: the copy gets its chance before.
    private static final int STALLS_IN_PATIENCE = 12;

    /// A read that hangs cannot be broken off and keeps its thread and its buffer; more than these never do.
    private static final int MOST_UNDER_WAY = 64;

    private static final int STACK_BYTES = 256 << 10;

    /// Threads of the system, since a read of a file on a dead server is stuck inside the kernel: there a virtual thread
    /// takes one of the few threads with it that run all virtual threads of the process. Bounded by the places of all disks.
    private static final Executor READERS = new ThreadPoolExecutor(0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            Thread.ofPlatform().daemon().stackSize(STACK_BYTES).name("backup-read-", 0).factory());

    private final BackupDiskSource source;
    private final Duration patience;
    private final ReadWatch watch;
    private final Semaphore places = new Semaphore(MOST_UNDER_WAY);
    private volatile boolean closed;

    /// @param disk the live disk's name, for people
    PatientBackup(String disk, BackupDiskSource source, Duration patience) {
        this.source = source;
        this.patience = patience;
        this.watch = new ReadWatch(disk, source.location());
    }

    /// What has been going wrong for longest, if anything is now.
    Optional<BackupTrouble> trouble() {
        return watch.trouble();
    }

    /// How many reads have failed.
    long failures() {
        return watch.failures();
    }

    BackupDiskSource source() {
        return source;
    }

    /// Lets nobody wait any longer.
    void close() {
        closed = true;
    }

    /// Fills `target`, and tries again with growing pauses for as long as patience lasts.
    ///
    /// @throws BackupUnavailableException if patience is over
    /// @throws FormatException if the backup is damaged there, which waiting would not mend
    void read(ByteBuffer target, long position) throws IOException {
        long start = System.nanoTime();
        long pause = FIRST_PAUSE_NANOS;
        int targetPosition = target.position();
        while (true) {
            try {
                readInTime(target, position);
                return;
            } catch (FormatException e) {
                throw e;
            } catch (IOException e) {
                target.position(targetPosition);
                if (closed || System.nanoTime() - start + pause > patience.toNanos()) {
                    throw new BackupUnavailableException(
                            "backup %s: must be readable at byte %d but was not for %d s (%s); bring it back"
                                    .formatted(source.location(), position, patience.toSeconds(),
                                            e.getMessage()),
                            e);
                }
            }
            LockSupport.parkNanos(pause);
            pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
        }
    }

    /// Whether a sector can be read: at each of the places that could not be before, or at the beginning. Tries each once.
    boolean answers() {
        var tried = new HashSet<Long>();
        while (true) {
            long position = trouble().map(BackupTrouble::position).orElse(0L);
            if (!tried.add(position)) {
                return trouble().isEmpty();
            }
            try {
                readInTime(ByteBuffer.allocate(LiveDisk.SECTOR_BYTES), position);
            } catch (IOException _) {
                // The watch has counted it and keeps the reason.
                return false;
            }
        }
    }

    /// Fills `target` or fails, as [#readNow] does; while there is another copy, a read that is not answered fails, too.
    void readOrSwitch(ByteBuffer target, long position) throws IOException {
        if (source.hasOtherCopy()) {
            readInTime(target, position);
        } else {
            readNow(target, position);
        }
    }

    /// Fills `target`, or fails when the backup does not answer for as long as patience lasts.
    ///
    /// A read that hangs cannot be broken off, so it has a thread and a buffer of its own, which it keeps until it ends.
    private void readInTime(ByteBuffer target, long position) throws IOException {
        long wait = stallNanos();
        long end = System.nanoTime() + wait;
        var own = ByteBuffer.allocate(target.remaining());
        var answer = new CompletableFuture<@Nullable Throwable>();
        var asked = new AtomicReference<@Nullable BackupDisk>();
        var reading = begin(position, target.remaining(), Math.min(wait, LEAST_WAIT.toNanos()));
        start(reading, () -> answer.complete(failureOf(reading, own, position, asked::set)));
        var stall = new IOException("a read was not answered");
        switch (answer.completeOnTimeout(stall, end - System.nanoTime(), TimeUnit.NANOSECONDS).join()) {
            case null -> target.put(own.flip());
            case IOException e -> {
                var silent = asked.get();
                if (e.equals(stall) && silent != null && source.hasOtherCopy()) {
                    source.failed(silent, stall);
                }
                throw e;
            }
            case Throwable e -> throw new IOException("reading it failed (%s)".formatted(e), e);
        }
    }

    private long stallNanos() {
        long longest = (patience.isPositive() ? patience : LEAST_WAIT).toNanos();
        return source.hasOtherCopy() ? longest / STALLS_IN_PATIENCE : longest;
    }

    private void start(ReadWatch.Reading reading, Runnable read) throws IOException {
        try {
            READERS.execute(read);
        } catch (OutOfMemoryError e) {
            places.release();
            var failure = new IOException(
                    "the system gives no thread to read it (%s)".formatted(e.getMessage()), e);
            watch.failed(reading, failure);
            throw failure;
        }
    }

    private @Nullable Throwable failureOf(ReadWatch.Reading reading, ByteBuffer own, long position,
            Consumer<BackupDisk> asked) {
        try {
            finish(reading, own, position, asked);
            return null;
        } catch (IOException | RuntimeException | Error e) {
            return e;
        }
    }

    /// Fills `target` or fails; it waits only for the backup's own answer.
    void readNow(ByteBuffer target, long position) throws IOException {
        finish(begin(position, target.remaining(), LEAST_WAIT.toNanos()), target, position, _ -> {
        });
    }

    /// Takes a place for a read, which [#finish] gives back.
    private ReadWatch.Reading begin(long position, int length, long waitNanos) throws IOException {
        var reading = watch.begin(position, length);
        try {
            takePlace(waitNanos);
            return reading;
        } catch (IOException e) {
            watch.failed(reading, e);
            throw e;
        }
    }

    /// @param asked is told which disk the read is sent to
    private void finish(ReadWatch.Reading reading, ByteBuffer target, long position,
            Consumer<BackupDisk> asked) throws IOException {
        try {
            try {
                readOnce(target, position, asked);
            } finally {
                places.release();
            }
            watch.succeeded(reading);
        } catch (IOException e) {
            watch.failed(reading, e);
            throw e;
        }
    }

    private void takePlace(long waitNanos) throws IOException {
        try {
            if (places.tryAcquire(waitNanos, TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("a read was interrupted before it began", e);
        }
        throw new IOException("%d reads are not answered".formatted(MOST_UNDER_WAY));
    }

    private void readOnce(ByteBuffer target, long position, Consumer<BackupDisk> asked) throws IOException {
        var disk = source.disk();
        asked.accept(disk);
        int wanted = target.remaining();
        int limit = target.limit();
        int stored = Math.clamp(disk.size() - position, 0, wanted);
        try {
            target.limit(target.position() + stored);
            if (stored > 0) {
                readAnyCopy(disk, target, position);
            }
        } finally {
            target.limit(limit);
        }
        while (target.hasRemaining()) {
            target.put((byte) 0);
        }
    }

    /// What one copy has lost, the other one may have.
    private void readAnyCopy(BackupDisk disk, ByteBuffer target, long position) throws IOException {
        int start = target.position();
        try {
            readStored(disk, target, position);
        } catch (FormatException e) {
            if (!source.hasOtherCopy()) {
                throw e;
            }
            source.failed(disk, e);
            target.position(start);
            try {
                readStored(source.disk(), target, position);
            } catch (IOException other) {
                e.addSuppressed(other);
                throw e;
            }
        }
    }

    private void readStored(BackupDisk disk, ByteBuffer target, long position) throws IOException {
        try {
            disk.read(target, position);
            if (target.hasRemaining()) {
                throw new IOException(
                        "its format gave %d bytes too few at %d".formatted(target.remaining(), position));
            }
        } catch (FormatException e) {
            throw e;
        } catch (IOException e) {
            source.failed(disk, e);
            throw e;
        } catch (RuntimeException e) {
            var failure = new IOException("its format failed at %d (%s)".formatted(position, e), e);
            source.failed(disk, failure);
            throw failure;
        }
    }
}
