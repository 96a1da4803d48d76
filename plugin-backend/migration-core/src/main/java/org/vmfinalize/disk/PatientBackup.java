package org.vmfinalize.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.vmfinalize.backup.BackupDisk;
import org.vmfinalize.backup.FormatException;

/// Reads a backup disk that may be away for a while. What lies behind its end reads as zeros.
///
/// **Threads:** any number; none waits for another.
final class PatientBackup {

    private static final long FIRST_PAUSE_NANOS = Duration.ofMillis(20).toNanos();
    private static final long LONGEST_PAUSE_NANOS = Duration.ofSeconds(1).toNanos();

    private final BackupDiskSource source;
    private final Duration patience;
    private volatile boolean closed;

    PatientBackup(BackupDiskSource source, Duration patience) {
        this.source = source;
        this.patience = patience;
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
                readNow(target, position);
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

    /// Fills `target` or fails, without waiting.
    void readNow(ByteBuffer target, long position) throws IOException {
        var disk = source.disk();
        int wanted = target.remaining();
        int limit = target.limit();
        int stored = Math.clamp(disk.size() - position, 0, wanted);
        try {
            target.limit(target.position() + stored);
            if (stored > 0) {
                readStored(disk, target, position);
            }
        } finally {
            target.limit(limit);
        }
        while (target.hasRemaining()) {
            target.put((byte) 0);
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
