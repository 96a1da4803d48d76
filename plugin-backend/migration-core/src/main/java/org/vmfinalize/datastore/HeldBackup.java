package org.vmfinalize.datastore;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vmfinalize.backup.Backup;
import org.vmfinalize.backup.BackupDisk;
import org.vmfinalize.disk.BackupDiskSource;

/// The backup that an instant VM runs from: opened when it is there, opened anew after it failed, never another one.
///
/// **Threads:** any number. Those who come while it is being opened wait for that; those who have it do not.
@SuppressWarnings("ReferenceEquality") // one object is one open backup
final class HeldBackup implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HeldBackup.class);

    /// Between two attempts to open it.
    private static final long PAUSE_NANOS = 200_000_000;

    private final BackupOpener opener;
    private final BackupReference reference;
    private volatile Backup.Holder holder;
    private final ReentrantLock lock = new ReentrantLock();

    /// Null while it is away.
    private volatile @Nullable Backup backup;

    /// A backup that was read in vain: it is to be opened anew.
    private volatile @Nullable Backup suspect;

    @GuardedBy("lock")
    private @Nullable IOException lastFailure;

    @GuardedBy("lock")
    private long lastAttemptNanos;

    @GuardedBy("lock")
    private boolean closed;

    HeldBackup(BackupOpener opener, BackupReference reference, Backup.Holder holder) {
        this.opener = opener;
        this.reference = reference;
        this.holder = holder;
    }

    /// Takes over a backup that is open.
    HeldBackup(BackupOpener opener, BackupReference reference, Backup.Holder holder, Backup open) {
        this(opener, reference, holder);
        this.backup = open;
        mark(open);
    }

    boolean isOpen() {
        return backup != null;
    }

    /// The open backup, which is opened now if need be.
    Backup open() throws IOException {
        var open = backup;
        if (open != null && open != suspect) {
            return open;
        }
        lock.lock();
        try {
            return openLocked();
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private Backup openLocked() throws IOException {
        var old = backup;
        if (old != null && old != suspect) {
            return old;
        }
        if (closed) {
            throw new IOException("backup %s: was closed, since its VM is finalized or gone"
                    .formatted(reference.location()));
        }
        if (lastFailure != null && System.nanoTime() - lastAttemptNanos < PAUSE_NANOS) {
            throw lastFailure;
        }
        lastAttemptNanos = System.nanoTime();
        try {
            var fresh = openFresh();
            backup = fresh;
            lastFailure = null;
            if (old != null) {
                closeOld(old);
            }
            return fresh;
        } catch (IOException e) {
            lastFailure = e;
            throw e;
        } catch (RuntimeException e) {
            lastFailure = new IOException(
                    "backup %s: its format failed (%s)".formatted(reference.location(), e), e);
            throw lastFailure;
        }
    }

    private void closeOld(Backup old) {
        try {
            old.close();
        } catch (IOException e) {
            LOG.warn("backup {}: could not be closed after it had failed ({}); it was opened anew",
                    reference.location(),
                    e.getMessage());
        }
    }

    private Backup openFresh() throws IOException {
        var fresh = opener.open(reference);
        if (!fresh.identity().equals(reference.identity())) {
            fresh.close();
            throw new IOException(
                    "backup %s: must be the restore point that the VM was started from (%s) but is another "
                            .formatted(reference.location(), reference.identity())
                            + "one (%s); put the right one back".formatted(fresh.identity()));
        }
        mark(fresh);
        return fresh;
    }

    /// A place that cannot be written takes no mark; the VM runs all the same.
    private void mark(Backup open) {
        try {
            open.hold(holder);
        } catch (IOException e) {
            LOG.warn("backup {}: could not be marked as in use ({}); keep it until the VM is finalized",
                    reference.location(), e.getMessage());
        }
    }

    /// Renews the mark with another reason and another time at which it will be given back. While the backup is away the
    /// mark stays as it is.
    ///
    /// @throws IOException if it cannot be renewed now
    void renew(String reason, Optional<Instant> until) throws IOException {
        var renewed = new Backup.Holder(holder.id(), reason, holder.since(), until);
        holder = renewed;
        var open = backup;
        if (open != null) {
            open.hold(renewed);
        }
    }

    /// Where a live disk finds the disk `name` of this backup.
    BackupDiskSource disk(String name) {
        return new BackupDiskSource() {
            @Override
            public BackupDisk disk() throws IOException {
                return find(open(), name);
            }

            @Override
            public void failed(BackupDisk disk, IOException cause) {
                var open = backup;
                if (open != null && open.disks().contains(disk)) {
                    suspect = open;
                }
            }

            @Override
            public String location() {
                return reference.location();
            }
        };
    }

    private BackupDisk find(Backup open, String name) throws IOException {
        for (BackupDisk disk : open.disks()) {
            if (disk.name().equals(name)) {
                return disk;
            }
        }
        throw new IOException(
                "backup %s: must have a disk '%s' but has not".formatted(reference.location(), name));
    }

    /// Takes the mark back and closes the backup for good.
    void release() throws IOException {
        try (this) {
            open().release(holder.id());
        }
    }

    /// Closes the backup for good; the mark stays.
    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            closed = true;
            var open = backup;
            backup = null;
            if (open != null) {
                open.close();
            }
        } finally {
            lock.unlock();
        }
    }

    static Backup.Holder holder(InstantRecord record) {
        return new Backup.Holder(record.id().toString(),
                "instant VM '%s' runs from it".formatted(record.vmFolder()), record.since());
    }
}
