package org.vmfinalize.server.finalization;

import java.io.IOException;
import java.util.List;
import org.vmfinalize.datastore.Datastore;
import org.vmfinalize.disk.LiveDisk;
import org.vmfinalize.finalization.Provisioning;
import org.vmfinalize.server.problem.Problem;
import org.vmfinalize.server.problem.ProblemType;

/// Whether the finished disks fit on their datastore.
final class Room {

    private static final long MIB = 1024 * 1024;

    private Room() {}

    /// Refuses if the datastore has less free space than what is still to come.
    ///
    /// @throws Problem DATASTORE_FULL
    static void require(Datastore datastore, List<LiveDisk> disks, Provisioning provisioning) {
        long needed = disks.stream().mapToLong(disk -> neededBytes(disk, provisioning)).sum();
        long free = freeBytes(datastore);
        if (needed > free) {
            throw new Problem(ProblemType.DATASTORE_FULL,
                    "datastore '%s': provisioning %s needs %d MiB more but %d MiB are free; %s"
                            .formatted(datastore.name(), provisioning.text(), (needed + MIB - 1) / MIB,
                                    free / MIB, remedy(provisioning)))
                    .with("neededBytes", needed)
                    .with("freeBytes", free);
        }
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
