package org.vmfinalize.server.plan;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.server.problem.Problem;

/// What would come of an action, as the API shows it. Sizes are in bytes.
///
/// @param action `finalize` or `run`
/// @param possible whether nothing speaks against it now
/// @param newName the name that the machine would get, if it is another one
/// @param backup none if it cannot be read
/// @param disks none if they are not known
/// @param inBackupBytes what is only in the backup; none if its format does not tell
/// @param datastore none if there is none of that name
/// @param privileges all that the action needs
/// @param clashes what the machine shares, or would share, with others
/// @param hosts all hosts of the cluster
/// @param time how long it would take
/// @param refusals all that speaks against it
/// @param warnings what does not, but should be known
/// @param move the other datastore that the machine would be moved to; none if it would stay
public record Plan(String action, boolean possible, Vm vm, @Nullable String newName,
        @Nullable Backup backup, String provisioning, List<Disk> disks, @Nullable Long inBackupBytes,
        @Nullable Space datastore, List<Privilege> privileges, List<Clash> clashes, List<HostReach> hosts,
        Time time, List<Remark> refusals, List<Remark> warnings, @Nullable Move move) {

    public Plan {
        disks = List.copyOf(disks);
        privileges = List.copyOf(privileges);
        clashes = List.copyOf(clashes);
        hosts = List.copyOf(hosts);
        refusals = List.copyOf(refusals);
        warnings = List.copyOf(warnings);
    }

    /// The machine that it is about.
    ///
    /// @param id none for a machine that is still to be made
    public record Vm(@Nullable String id, String name) {}

    /// The restore point.
    public record Backup(String location, String format, @Nullable Instant takenAt) {}

    /// One disk.
    ///
    /// @param inBackupBytes what of it is only in the backup; none if that is not known
    /// @param neededBytes what a finalization adds to the datastore for it; none if that is not known
    public record Disk(String name, long sizeBytes, @Nullable Long inBackupBytes,
            @Nullable Long neededBytes) {

        /// The sum of what disks have; null if one does not tell.
        static @Nullable Long sum(Stream<@Nullable Long> values) {
            long sum = 0;
            for (var value : values.toList()) {
                if (value == null) {
                    return null;
                }
                sum += value;
            }
            return sum;
        }

        /// What is only in the backup of all of them.
        public static @Nullable Long inBackup(List<Disk> disks) {
            return disks.isEmpty() ? null : sum(disks.stream().map(Disk::inBackupBytes));
        }

        /// What all of them add to the datastore.
        public static @Nullable Long needed(List<Disk> disks) {
            return disks.isEmpty() ? null : sum(disks.stream().map(Disk::neededBytes));
        }
    }

    /// What the datastore has.
    ///
    /// @param neededBytes what a finalization adds; none if that is not known
    public record Space(String name, @Nullable Long neededBytes, long freeBytes) {}

    /// The datastore that a machine is moved to.
    ///
    /// @param id its managed object id
    /// @param instead whether the move takes the place of completing the disks first
    /// @param neededBytes what the machine takes there
    public record Move(String id, String name, boolean instead, long neededBytes, long freeBytes) {}

    /// A privilege in vCenter.
    ///
    /// @param on the thing on which it is needed, such as `VM db1`
    public record Privilege(String privilege, String on, boolean granted) {}

    /// Something that two machines have.
    ///
    /// @param kind `name`, `mac`, `bios-uuid` or `instance-uuid`
    /// @param vm who has it
    public record Clash(String kind, String value, Vm vm) {}

    /// A host and whether it has the datastore.
    ///
    /// @param reachable whether the host has the datastore; none: it is mounted there when a machine is run
    /// @param reason why it does not, if so
    public record HostReach(String id, String name, @Nullable Boolean reachable, @Nullable String reason) {}

    /// A range of what is expected.
    ///
    /// @param reason why nothing is known, if so
    public record Time(@Nullable Long secondsAtLeast, @Nullable Long secondsAtMost,
            @Nullable String reason) {

        public static Time notKnown(String reason) {
            return new Time(null, null, reason);
        }
    }

    /// Something that speaks against the action, or that should be known.
    ///
    /// @param type stays the same; for programs
    /// @param detail which thing and why; for people
    /// @param remedy what to do
    public record Remark(String type, String title, String detail, String remedy) {

        public static Remark of(Problem problem) {
            return new Remark(problem.type().uri().toString(), problem.type().title(), problem.getMessage(),
                    problem.type().remedy());
        }

        public static Remark of(WarningType type, String detail) {
            return new Remark(type.uri().toString(), type.title(), detail, type.remedy());
        }
    }
}
