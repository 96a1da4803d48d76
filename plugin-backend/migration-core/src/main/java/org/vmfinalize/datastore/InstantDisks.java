package org.vmfinalize.datastore;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.vmfinalize.disk.LiveDisk;

/// The live disks of one instant VM and the backup they come from.
///
/// **Threads:** any number.
public final class InstantDisks {

    private final Datastore datastore;
    private final HeldBackup held;
    private final List<LiveDisk> disks;
    private volatile InstantRecord record;

    InstantDisks(Datastore datastore, InstantRecord record, HeldBackup held, List<LiveDisk> disks) {
        this.datastore = datastore;
        this.record = record;
        this.held = held;
        this.disks = List.copyOf(disks);
    }

    /// The folder in the datastore that has the disks' files, relative to it.
    public String vmFolder() {
        return record.vmFolder();
    }

    /// The restore point.
    public BackupReference backup() {
        return record.backup();
    }

    /// Those disks that were live when the datastore was opened or the VM was made, in the VM's order. They stay in this
    /// list when they are sealed.
    public List<LiveDisk> disks() {
        return disks;
    }

    /// Whether the backup is open now.
    public boolean backupOpen() {
        return held.isOpen();
    }

    /// Renews the mark that holds the backup.
    ///
    /// @param reason for people, such as "VM web-01 runs from it"
    /// @param until about when it will be given back, if that can be told
    /// @throws IOException if the mark cannot be renewed now; the disks are none the worse for it
    public void renewLease(String reason, Optional<Instant> until) throws IOException {
        held.renew(reason, until);
    }

    /// When the disks were made.
    public Instant since() {
        return record.since();
    }

    /// What the mark that holds the backup is called.
    public String leaseId() {
        return record.id().toString();
    }

    /// What is known of a second copy of the restore point.
    ///
    /// @param location where it is
    /// @param inUse whether the disks are read from it now
    /// @param trouble why it could not be used when it was tried last
    public record SecondCopyState(String location, boolean inUse, Optional<String> trouble) {}

    /// The second copy, if one was named.
    public Optional<SecondCopyState> secondCopy() {
        return held.secondCopy();
    }

    /// Names a second copy of the restore point, which takes over when the copy in use fails. It replaces one that was named
    /// before, and outlives a restart.
    ///
    /// @param location where it is; it must be readable now
    /// @throws OtherBackupException if it is another restore point
    /// @throws IOException if it, or the copy in use, cannot be read now, or it cannot be stored
    public void nameSecondCopy(String location) throws IOException {
        held.nameSecond(location, copy -> datastore.storeSecondCopy(record, copy));
    }

    /// Seals all disks, then takes the mark off the backup and closes it. May be called again after a failure.
    ///
    /// @throws IllegalStateException if a disk has blocks that are not local
    public void seal() throws IOException {
        for (var disk : disks) {
            disk.seal();
            datastore.sealed(disk);
        }
        datastore.finished(this);
    }

    InstantRecord record() {
        return record;
    }

    void replaceRecord(InstantRecord changed) {
        record = changed;
    }

    HeldBackup held() {
        return held;
    }

    @Override
    public String toString() {
        return "instant disks of " + vmFolder();
    }
}
