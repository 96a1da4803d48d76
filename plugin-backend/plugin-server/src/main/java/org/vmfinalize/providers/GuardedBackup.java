package org.vmfinalize.providers;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongConsumer;
import org.vmfinalize.backup.Backup;
import org.vmfinalize.backup.BackupDisk;
import org.vmfinalize.backup.Hardware;

/// A backup that a bundle reads, seen through a [Guard]. The bundle stays for as long as the backup is open.
///
/// **Threads:** any number.
final class GuardedBackup implements Backup {

    private static final int MAX_IDENTITY_CHARACTERS = 512;

    private final Guard guard;
    private final Backup backup;
    private final String format;
    private final String identity;
    private final Optional<Instant> takenAt;
    private final Optional<Hardware> hardware;
    private final List<BackupDisk> disks;
    private final List<String> files;
    private final Runnable whenClosed;
    private final AtomicBoolean closed = new AtomicBoolean();

    private GuardedBackup(Guard guard, Backup backup, Runnable whenClosed) throws IOException {
        this.guard = guard;
        this.backup = backup;
        this.whenClosed = whenClosed;
        this.format = guard.call(backup::format);
        this.identity = guard.call(backup::identity);
        this.takenAt = guard.call(backup::takenAt);
        this.hardware = guard.call(backup::hardware);
        this.files = guard.call(() -> List.copyOf(backup.files()));
        this.disks = guarded(guard.call(() -> List.copyOf(backup.disks())));
        check();
    }

    /// Takes over a backup that a format has just opened.
    ///
    /// @param whenClosed run once, when the backup is closed; not if this fails
    /// @throws IOException if what the backup tells of itself cannot be; it is closed then
    static GuardedBackup of(Guard guard, Backup backup, Runnable whenClosed) throws IOException {
        try {
            return new GuardedBackup(guard, backup, whenClosed);
        } catch (IOException e) {
            try {
                guard.run(backup::close);
            } catch (IOException next) {
                e.addSuppressed(next);
            }
            throw e;
        }
    }

    private List<BackupDisk> guarded(List<? extends BackupDisk> own) throws IOException {
        var all = new ArrayList<BackupDisk>();
        for (var disk : own) {
            all.add(GuardedDisk.of(guard, disk));
        }
        return List.copyOf(all);
    }

    // A bundle may have been compiled without any check for null.
    @SuppressWarnings("NullAway")
    private void check() throws IOException {
        Object[] told = {format, identity, takenAt, hardware};
        for (var one : told) {
            if (Objects.isNull(one)) {
                throw guard
                        .broken("opened a backup that does not tell its format, identity, time and hardware");
            }
        }
        if (identity.length() > MAX_IDENTITY_CHARACTERS) {
            throw guard.broken("must give an identity of at most %d characters but gave %d".formatted(
                    MAX_IDENTITY_CHARACTERS, identity.length()));
        }
        var names = new HashSet<String>();
        for (var disk : disks) {
            if (!names.add(disk.name())) {
                throw guard.broken("must give each disk a name of its own but called two '%s'".formatted(disk
                        .name()));
            }
        }
        if (disks.isEmpty()) {
            throw guard.broken("opened a backup without any disk");
        }
    }

    @Override
    public String format() {
        return format;
    }

    @Override
    public String identity() {
        return identity;
    }

    @Override
    public Optional<Instant> takenAt() {
        return takenAt;
    }

    @Override
    public Optional<Hardware> hardware() {
        return hardware;
    }

    @Override
    public List<BackupDisk> disks() {
        return disks;
    }

    @Override
    public List<String> files() {
        return files;
    }

    @Override
    public List<String> verifyChecksums(LongConsumer progress) throws IOException {
        return guard.call(() -> List.copyOf(backup.verifyChecksums(progress)));
    }

    @Override
    public void hold(Holder holder) throws IOException {
        guard.runInTime("holding a backup", () -> backup.hold(holder));
    }

    @Override
    public void release(String holderId) throws IOException {
        guard.runInTime("releasing a backup", () -> backup.release(holderId));
    }

    @Override
    public void close() throws IOException {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            guard.runInTime("closing a backup", backup::close);
        } finally {
            whenClosed.run();
        }
    }
}
