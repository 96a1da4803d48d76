package org.vmfinalize.server.finalization;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.receipts.Receipt;

/// How far a job was when this was written down; all in bytes.
///
/// @param doneBytes what of `totalBytes` was hydrated
/// @param totalBytes what the backup had to give
/// @param guestWrittenBytes what the guest wrote meanwhile
/// @param history what has held the job up; none in what an older version wrote
record SavedProgress(long doneBytes, long totalBytes, long hydratedBytes, long guestWrittenBytes,
        Receipt.@Nullable History history, List<Disk> disks) {

    private static final Receipt.History NOTHING = new Receipt.History(0, 0, 0);

    /// Nothing was done yet.
    static final SavedProgress NONE = new SavedProgress(0, 0, 0, 0, null, List.of());

    Receipt.History heldUp() {
        return history == null ? NOTHING : history;
    }

    SavedProgress {
        disks = List.copyOf(disks);
    }

    /// One disk.
    ///
    /// @param file its descriptor, from the datastore's root
    /// @param secondsLeftAtLeast as [FinalizationView]
    /// @param secondsLeft as [FinalizationView]
    record Disk(String name, String file, String state, long doneBytes, long totalBytes, long sizeBytes,
            @Nullable Long secondsLeftAtLeast, @Nullable Long secondsLeft) {}

    /// The same with the disks that an earlier server has sealed, of which a later one knows nothing by itself.
    SavedProgress withSealedBefore(SavedProgress earlier) {
        var now = disks.stream().collect(Collectors.toMap(Disk::name, Function.identity()));
        var sealed = earlier.completed().disks.stream().filter(disk -> !now.containsKey(disk.name)).toList();
        if (sealed.isEmpty()) {
            return this;
        }
        long sealedBytes = sealed.stream().mapToLong(Disk::totalBytes).sum();
        return new SavedProgress(doneBytes + sealedBytes, totalBytes + sealedBytes,
                Math.max(hydratedBytes, earlier.hydratedBytes),
                Math.max(guestWrittenBytes, earlier.guestWrittenBytes), history,
                earlier.completed().disks.stream().map(disk -> now.getOrDefault(disk.name, disk)).toList());
    }

    /// The same with everything done: all disks are sealed.
    SavedProgress completed() {
        return new SavedProgress(totalBytes, totalBytes, hydratedBytes, guestWrittenBytes, history,
                disks.stream()
                        .map(disk -> new Disk(disk.name, disk.file, "completed", disk.totalBytes,
                                disk.totalBytes,
                                disk.sizeBytes, null, null))
                        .toList());
    }
}
