package org.vmfinalize.datastore;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vmfinalize.backup.Backup;
import org.vmfinalize.backup.BackupDisk;
import org.vmfinalize.disk.BackupDiskSource;

/// The backup that an instant VM runs from: opened when it is there, opened anew after it failed, never another one.
///
/// A second copy of it may be named. Then, whenever the copy in use fails, the other one is tried first, and this one after
/// it; what could be opened stays in use until it fails. So a copy that comes back does not take over by itself, and copies do
/// not alternate as long as one of them works. After a restart the first copy is tried first.
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

    /// Where the second copy is, and what it is recognised by; null if none was named.
    private volatile @Nullable SecondCopy second;

    /// Whether [#backup] is the second copy.
    private volatile boolean secondInUse;

    /// Why the second copy could not be used when it was tried last.
    private volatile @Nullable String secondTrouble;

    /// The identity that the second copy had when its samples were found right; they are not read again for it.
    @GuardedBy("lock")
    private @Nullable String secondIdentity;

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
        mark(open, reference.location());
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
            boolean otherFirst = old != null && !secondInUse;
            var fresh = openCopy(otherFirst);
            backup = fresh;
            lastFailure = null;
            if (old != null) {
                // One that does not answer may not let itself be closed either.
                Thread.ofPlatform().daemon().name("close-backup").start(() -> closeOld(old));
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

    /// @param secondFirst whether the second copy is tried before the first
    @GuardedBy("lock")
    private Backup openCopy(boolean secondFirst) throws IOException {
        var copy = second;
        if (copy == null) {
            return use(openFirst(), false);
        }
        try {
            return secondFirst ? use(openSecond(copy), true) : use(openFirst(), false);
        } catch (IOException | RuntimeException e) {
            try {
                return secondFirst ? use(openFirst(), false) : use(openSecond(copy), true);
            } catch (IOException other) {
                var both = new IOException("%s; and %s".formatted(e.getMessage(), other.getMessage()), e);
                both.addSuppressed(other);
                throw both;
            }
        }
    }

    private Backup use(Backup open, boolean isSecond) {
        if (isSecond != secondInUse) {
            LOG.warn("backup {}: {}", reference.location(), isSecond
                    ? "is away; its second copy is used from now on"
                    : "is used again, since its second copy is away");
        }
        secondInUse = isSecond;
        return open;
    }

    /// Opens the second copy, if it is one.
    ///
    /// @throws OtherBackupException if it is another restore point
    @GuardedBy("lock")
    private Backup openSecond(SecondCopy copy) throws IOException {
        try {
            var fresh = opener.open(BackupReference.at(copy.location()));
            try {
                if (!fresh.identity().equals(secondIdentity)) {
                    copy.fingerprint().require(fresh, copy.location());
                    secondIdentity = fresh.identity();
                }
                mark(fresh, copy.location());
            } catch (IOException | RuntimeException e) {
                fresh.close();
                throw e;
            }
            secondTrouble = null;
            return fresh;
        } catch (IOException e) {
            secondTrouble = e.getMessage();
            throw e;
        } catch (RuntimeException e) {
            secondTrouble = "its format failed (%s)".formatted(e);
            throw new IOException("backup %s: its format failed (%s)".formatted(copy.location(), e), e);
        }
    }

    /// Names a second copy: it must be readable now, and be a copy of the first, which must be readable, too, or have been
    /// when one was named before.
    ///
    /// @param store called once it is found right, before it counts
    /// @throws OtherBackupException if it is another restore point
    void nameSecond(String location, SecondCopyStore store) throws IOException {
        lock.lock();
        try {
            var known = second;
            var fingerprint = secondInUse && known != null
                    ? known.fingerprint()
                    : Fingerprint.of(openLocked(), new SplittableRandom());
            var copy = new SecondCopy(location, fingerprint);
            try (var fresh = opener.open(BackupReference.at(location))) {
                fingerprint.require(fresh, location);
                mark(fresh, location);
                secondIdentity = fresh.identity();
            }
            store.store(copy);
            second = copy;
            secondTrouble = null;
        } finally {
            lock.unlock();
        }
    }

    /// Makes a second copy durable.
    interface SecondCopyStore {
        void store(SecondCopy copy) throws IOException;
    }

    /// Takes over a second copy that was named before.
    void second(Optional<SecondCopy> named) {
        second = named.orElse(null);
    }

    /// What is known of the second copy, if one was named.
    Optional<InstantDisks.SecondCopyState> secondCopy() {
        return Optional.ofNullable(second)
                .map(copy -> new InstantDisks.SecondCopyState(copy.location(), secondInUse,
                        Optional.ofNullable(secondTrouble)));
    }

    private Backup openFirst() throws IOException {
        var fresh = opener.open(reference);
        if (!fresh.identity().equals(reference.identity())) {
            fresh.close();
            throw new IOException(
                    "backup %s: must be the restore point that the VM was started from (%s) but is another "
                            .formatted(reference.location(), reference.identity())
                            + "one (%s); put the right one back".formatted(fresh.identity()));
        }
        mark(fresh, reference.location());
        return fresh;
    }

    /// A place that cannot be written takes no mark; the VM runs all the same.
    private void mark(Backup open, String location) {
        try {
            open.hold(holder);
        } catch (IOException e) {
            LOG.warn("backup {}: could not be marked as in use ({}); keep it until the VM is finalized",
                    location, e.getMessage());
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

    /// Where a live disk finds its disk of this backup.
    BackupDiskSource disk(InstantRecord.Disk live) {
        return new BackupDiskSource() {
            @Override
            public BackupDisk disk() throws IOException {
                return find(open(), live);
            }

            @Override
            public void failed(BackupDisk disk, IOException cause) {
                var open = backup;
                if (open != null && open.disks().contains(disk)) {
                    suspect = open;
                }
            }

            @Override
            public boolean hasOtherCopy() {
                return second != null;
            }

            @Override
            public String location() {
                var copy = second;
                return secondInUse && copy != null ? copy.location() : reference.location();
            }
        };
    }

    private BackupDisk find(Backup open, InstantRecord.Disk live) throws IOException {
        for (BackupDisk disk : open.disks()) {
            if (disk.name().equals(live.backupDisk())) {
                return requireSize(disk, live);
            }
        }
        throw new IOException("backup %s: must have a disk '%s' but has not".formatted(reference.location(),
                live.backupDisk()));
    }

    /// What lies behind a backup disk's end is zeros, so a shorter one would give wrong bytes.
    private BackupDisk requireSize(BackupDisk disk, InstantRecord.Disk live) throws IOException {
        if (Creation.liveSize(disk) != live.sizeBytes()) {
            throw new IOException(
                    "backup %s: its disk '%s' must fill a live disk of %d bytes but has %d; put the restore point back that the VM was started from"
                            .formatted(reference.location(), disk.name(), live.sizeBytes(), disk.size()));
        }
        return disk;
    }

    /// Takes the marks back and closes the backup for good.
    void release() throws IOException {
        try (this) {
            var copy = second;
            if (copy == null) {
                open().release(holder.id());
            } else {
                releaseBoth(copy);
            }
        }
    }

    /// A copy that is away keeps its mark; the other loses it all the same.
    private void releaseBoth(SecondCopy copy) throws IOException {
        IOException failure = null;
        for (var place : List.of(reference, BackupReference.at(copy.location()))) {
            try (var open = opener.open(place)) {
                open.release(holder.id());
            } catch (IOException e) {
                if (failure != null) {
                    e.addSuppressed(failure);
                }
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
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
