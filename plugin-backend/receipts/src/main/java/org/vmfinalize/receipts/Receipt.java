package org.vmfinalize.receipts;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a receipt says, without its signature. The JSON form has these names.
///
/// @param format always [#FORMAT]
/// @param version always [#VERSION]; a reader refuses a greater one
/// @param finalization the job's id
/// @param vm the machine
/// @param datastore the datastore's name
/// @param backup the restore point; none if the server was restarted after the disks were sealed
/// @param provisioning `thin`, `thick` or `eager-thick`
/// @param startedAt when the job was started
/// @param sealedAt when all disks were sealed
/// @param history what held it up
/// @param verified whether the disks were read back and proven; only then they have trees
/// @param disks in the machine's order
public record Receipt(String format, int version, String finalization, Vm vm, String datastore,
        @Nullable Backup backup, String provisioning, Instant startedAt, Instant sealedAt, History history,
        boolean verified, List<Disk> disks) {

    public static final String FORMAT = "vm-finalize receipt";
    public static final int VERSION = 1;

    public Receipt {
        disks = List.copyOf(disks);
    }

    /// The machine.
    ///
    /// @param id the managed object id; empty without a vCenter
    public record Vm(String id, String name) {}

    /// The restore point, as the server knew it.
    public record Backup(String location, String format, String identity) {}

    /// What held the job up.
    ///
    /// @param pausedMillis how long it stood still for pauses and retries together
    public record History(int pauses, int retries, long pausedMillis) {

        public History plus(org.vmfinalize.finalization.History more) {
            return new History(pauses + more.pauses(), retries + more.retries(),
                    pausedMillis + more.paused().toMillis());
        }
    }

    /// One disk.
    ///
    /// @param file its flat file, from the datastore's root
    /// @param blocks whose its blocks are; none if the server was restarted after the disk was sealed
    /// @param tree the digests of its bytes when it was sealed, if it was verified
    public record Disk(String name, String file, long sizeBytes, @Nullable Blocks blocks,
            @Nullable Tree tree) {}

    /// How many blocks are whose.
    ///
    /// @param size of a block, in bytes
    /// @param backup that are the backup's
    /// @param guest that the guest has written
    /// @param zeros that are zeros
    public record Blocks(int size, long backup, long guest, long zeros) {}

    /// A digest tree, see [org.vmfinalize.digest.DigestTree].
    ///
    /// @param root in hexadecimal
    /// @param leaves of those leaves that are not zeros
    /// @param unsettled leaves that were being written when the disk was sealed
    /// @param modifiedAt of the file, before the disk was sealed
    public record Tree(String hash, long leafBytes, String root, List<Run> leaves, List<Span> unsettled,
            Instant modifiedAt) {}

    /// Leaves one after another.
    ///
    /// @param digests of 32 bytes each, together in Base64
    /// @param locators of equal length each, together in Base64; older receipts have none
    public record Run(int first, String digests, @Nullable String locators) {}

    /// Leaves one after another of which nothing else is to be said.
    public record Span(int first, int count) {}
}
