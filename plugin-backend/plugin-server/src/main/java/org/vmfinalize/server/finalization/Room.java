package org.vmfinalize.server.finalization;

import java.io.IOException;
import java.util.List;
import org.vmfinalize.datastore.Datastore;
import org.vmfinalize.disk.LiveDisk;
import org.vmfinalize.finalization.Provisioning;
import org.vmfinalize.server.plan.Plan;
import org.vmfinalize.server.problem.Problem;
import org.vmfinalize.server.problem.ProblemType;

/// Whether the finished disks fit on their datastore.
///
/// @param disks what each of them still needs
record Room(String datastore, Provisioning provisioning, List<Plan.Disk> disks, long neededBytes,
        long freeBytes) {

    private static final long MIB = 1024 * 1024;

    Room {
        disks = List.copyOf(disks);
    }

    /// @throws Problem DATASTORE_FAILED if the free space cannot be read
    static Room of(Datastore datastore, List<LiveDisk> disks, Provisioning provisioning) {
        var all = disks.stream().map(disk -> disk(disk, provisioning)).toList();
        return new Room(datastore.name(), provisioning, all,
                disks.stream().mapToLong(disk -> neededBytes(disk, provisioning)).sum(),
                freeBytes(datastore));
    }

    /// Refuses if the datastore has less free space than what is still to come.
    ///
    /// @throws Problem DATASTORE_FULL
    void require() {
        if (neededBytes > freeBytes) {
            throw new Problem(ProblemType.DATASTORE_FULL,
                    "datastore '%s': provisioning %s needs %d MiB more but %d MiB are free; %s"
                            .formatted(datastore, provisioning.text(), (neededBytes + MIB - 1) / MIB,
                                    freeBytes / MIB, remedy(provisioning)))
                    .with("neededBytes", neededBytes)
                    .with("freeBytes", freeBytes);
        }
    }

    private static Plan.Disk disk(LiveDisk disk, Provisioning provisioning) {
        var counters = disk.counters();
        return new Plan.Disk(disk.name(), counters.sizeBytes(), counters.toDoBytes(),
                neededBytes(disk, provisioning));
    }

    private static String remedy(Provisioning provisioning) {
        return provisioning == Provisioning.THIN ? "make room" : "make room or choose thin";
    }

    /// Thin: what is still in the backup. Thick: all that is not stored yet, zeros as well.
    private static long neededBytes(LiveDisk disk, Provisioning provisioning) {
        var counters = disk.counters();
        if (provisioning == Provisioning.THIN) {
            return counters.toDoBytes();
        }
        long stored = Math.max(0, counters.localBytes() - counters.zeroBytes());
        return Math.max(0, counters.sizeBytes() - stored);
    }

    private static long freeBytes(Datastore datastore) {
        try {
            return datastore.usableBytes();
        } catch (IOException e) {
            throw new Problem(ProblemType.DATASTORE_FAILED,
                    "datastore '%s': its free space cannot be read: %s"
                            .formatted(datastore.name(), e.getMessage()),
                    e);
        }
    }
}
