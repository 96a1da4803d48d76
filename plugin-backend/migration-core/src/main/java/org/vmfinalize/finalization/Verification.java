package org.vmfinalize.finalization;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.vmfinalize.digest.DiskVerification;
import org.vmfinalize.disk.LiveDisk;
import org.vmfinalize.hydration.Pace;

/// The reading back of all disks, one after another, before they are sealed, at the job's pace.
///
/// **Threads:** one works; any number ask how far it is.
final class Verification {

    /// Half of the processors: the guests need theirs.
    private static final int THREADS = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

    private record Part(LiveDisk disk, DiskVerification verification, AtomicReference<Instant> modifiedAt) {}

    private final List<Part> parts;
    private final Pace pace;

    Verification(List<LiveDisk> disks, Pace pace) {
        this.pace = pace;
        this.parts = disks.stream().filter(disk -> !disk.isSealed())
                .map(disk -> new Part(disk, new DiskVerification(disk), new AtomicReference<>(Instant.EPOCH)))
                .toList();
    }

    /// @return false if it was stopped before
    /// @throws org.vmfinalize.disk.WrongBlockException if a block is neither the guest's nor the backup's
    boolean run(BooleanSupplier stopWanted) throws IOException {
        pace.beginReading(parts.stream().map(Part::disk).toList());
        try {
            return verify(stopWanted);
        } finally {
            pace.end();
        }
    }

    private boolean verify(BooleanSupplier stopWanted) throws IOException {
        for (var part : parts) {
            if (part.disk.isSealed()) {
                continue;
            }
            if (!part.verification.run(THREADS, bytes -> pace.awaitTurn(bytes, stopWanted), stopWanted)) {
                return false;
            }
            // Now, not after the seal: what is written between the two is in the tree as unsettled.
            part.modifiedAt.set(Files.getLastModifiedTime(part.disk.flatFile()).toInstant());
        }
        return true;
    }

    long verifiedBytes() {
        return parts.stream().mapToLong(part -> part.verification.verifiedBytes()).sum();
    }

    /// What was found; to be asked when the disks are sealed.
    List<VerifiedDisk> disks() {
        return parts.stream().map(part -> new VerifiedDisk(part.disk.name(), part.verification.blocks(),
                part.verification.tree(), part.modifiedAt.get())).toList();
    }
}
