package org.vmfinalize.server.finalization;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
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

    /// @param disks those that were not sealed when the server was started; none if all were
    /// @param verified of each such disk, if the job was asked to verify
    /// @param kept what an earlier server knew of those that are sealed since
    static Receipt make(Job job, SavedProgress progress, @Nullable InstantDisks disks,
            List<VerifiedDisk> verified, Optional<Receipt> kept, Instant now) {
        var live = disks == null ? List.<LiveDisk>of() : disks.disks();
        var parts = receiptDisks(progress, live, verified, kept);
        return new Receipt(Receipt.FORMAT, Receipt.VERSION, job.id(),
                new Receipt.Vm(job.vmId(), job.currentName()), job.datastore(),
                backup(disks).or(() -> kept.map(Receipt::backup)).orElse(null),
                job.provisioning().text(), job.startedAt(),
                kept.filter(_ -> live.isEmpty()).map(Receipt::sealedAt)
                        .orElseGet(() -> now.truncatedTo(ChronoUnit.MILLIS)),
                progress.heldUp(),
                !parts.isEmpty() && parts.stream().allMatch(disk -> disk.tree() != null), parts);
    }

    private static Optional<Receipt.Backup> backup(@Nullable InstantDisks disks) {
        return Optional.ofNullable(disks).map(InstantDisks::backup)
                .map(backup -> new Receipt.Backup(backup.location(), backup.format(), backup.identity()));
    }

    private static List<Receipt.Disk> receiptDisks(SavedProgress progress, List<LiveDisk> live,
            List<VerifiedDisk> verified, Optional<Receipt> kept) {
        var trees = verified.stream().collect(Collectors.toMap(VerifiedDisk::name, Function.identity()));
        var counters = live.stream().collect(Collectors.toMap(LiveDisk::name, LiveDisk::counters));
        var before = kept.stream().flatMap(receipt -> receipt.disks().stream())
                .collect(Collectors.toMap(Receipt.Disk::name, Function.identity()));
        return progress.disks().stream().map(disk -> {
            var known = before.get(disk.name());
            return known != null && !counters.containsKey(disk.name())
                    ? known
                    : ReceiptDisks.of(disk.name(), disk.file().replaceFirst("\\.vmdk$", "-flat.vmdk"),
                            disk.sizeBytes(), counters.get(disk.name()), trees.get(disk.name()));
        }).toList();
    }
}
