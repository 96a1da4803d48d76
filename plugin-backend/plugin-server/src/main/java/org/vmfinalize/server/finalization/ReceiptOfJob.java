package org.vmfinalize.server.finalization;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.datastore.InstantDisks;
import org.vmfinalize.disk.LiveDisk;
import org.vmfinalize.finalization.VerifiedDisk;
import org.vmfinalize.receipts.Receipt;
import org.vmfinalize.receipts.ReceiptDisks;

/// Puts into a receipt what is known of a job whose disks are sealed.
final class ReceiptOfJob {

    private ReceiptOfJob() {}

    /// @param disks none if they were sealed before the server was started
    /// @param verified of each disk, if the job was asked to verify
    static Receipt make(Job job, SavedProgress progress, @Nullable InstantDisks disks,
            List<VerifiedDisk> verified,
            Instant now) {
        var backup = disks == null ? null : disks.backup();
        return new Receipt(Receipt.FORMAT, Receipt.VERSION, job.id(),
                new Receipt.Vm(job.vmId(), job.currentName()),
                job.datastore(),
                backup == null
                        ? null
                        : new Receipt.Backup(backup.location(), backup.format(), backup.identity()),
                job.provisioning().text(), job.startedAt(), now.truncatedTo(ChronoUnit.MILLIS),
                progress.heldUp(),
                verified.size() == progress.disks().size() && !verified.isEmpty(),
                receiptDisks(progress, disks, verified));
    }

    private static List<Receipt.Disk> receiptDisks(SavedProgress progress, @Nullable InstantDisks disks,
            List<VerifiedDisk> verified) {
        var trees = verified.stream().collect(Collectors.toMap(VerifiedDisk::name, Function.identity()));
        var live = disks == null
                ? List.<LiveDisk>of()
                : disks.disks();
        var counters = live.stream().collect(Collectors.toMap(LiveDisk::name, LiveDisk::counters));
        return progress.disks().stream().map(disk -> ReceiptDisks.of(disk.name(),
                disk.file().replaceFirst("\\.vmdk$", "-flat.vmdk"), disk.sizeBytes(),
                counters.get(disk.name()),
                trees.get(disk.name()))).toList();
    }
}
