package org.vmfinalize.backup;

import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/// A restore point, open for reading.
///
/// **Threads:** any number may use it at the same time. Closing it makes reads that are still under way fail.
public interface Backup extends Closeable {

    /// The format's name, as [BackupFormat#name()].
    String format();

    /// A text that stays the same for as long as the restore point's content does, and differs for any other: from
    /// identifiers, sizes and times of all its files. It is compared, never parsed. At most 512 characters.
    String identity();

    /// When the restore point was taken, if the backup tells.
    Optional<Instant> takenAt();

    /// The disks, at least one, in the order in which the VM has them.
    List<? extends BackupDisk> disks();

    /// The machine that the backup is of; empty if the backup is of disks only.
    ///
    /// @since 1.1
    default Optional<Hardware> hardware() {
        return Optional.empty();
    }

    /// Compares the backup's files with the checksums that were stored with them, such as those of an OVF package's
    /// manifest. It reads all of these files, so it is done on request and beside other work.
    ///
    /// @param progress told the number of bytes read since it was told last; may throw to stop
    /// @return the locations of the files that were compared and found right; empty if no checksums are stored
    /// @throws FormatException if a file does not have its checksum
    /// @throws IOException if a file cannot be read now
    /// @since 1.1
    default List<String> verifyChecksums(LongConsumer progress) throws IOException {
        return List.of();
    }

    /// All files that the disks' bytes come from, the top of a chain first.
    List<String> files();

    /// Marks the backup as in use, so that whoever tidies up backups can see it.
    ///
    /// The mark outlives this object and this process; holding again with the same `holder.id()` renews it.
    ///
    /// A backup that cannot be marked can be read all the same: the exception is to be told to people, such as in the
    /// log, and is no reason to refuse the backup.
    ///
    /// @throws IOException if the mark cannot be left next to each of the backup's files; it is left where it can be
    void hold(Holder holder) throws IOException;

    /// Takes back the mark of `hold`. Does nothing if there is none.
    ///
    /// @param holderId the [Holder#id()] that was held with
    void release(String holderId) throws IOException;

    /// Who holds a backup, and why.
    ///
    /// @param id names the lease; letters, digits and `-` only, at most 64 characters
    /// @param reason for people, such as "VM web-01 runs from it"
    /// @param since when it began
    /// @param until about when it will be given back, if that can be told; it may be earlier or later
    record Holder(String id, String reason, Instant since, Optional<Instant> until) {

        /// A holder that cannot tell until when.
        public Holder(String id, String reason, Instant since) {
            this(id, reason, since, Optional.empty());
        }

        public Holder {
            if (!id.matches("[A-Za-z0-9-]{1,64}")) {
                throw new IllegalArgumentException(
                        "a holder's id must be 1 to 64 letters, digits or '-' but was '%s'".formatted(id));
            }
        }
    }
}
