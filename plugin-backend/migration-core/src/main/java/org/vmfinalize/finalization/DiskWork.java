package org.vmfinalize.finalization;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.disk.BackupTrouble;
import org.vmfinalize.disk.LiveDisk;
import org.vmfinalize.hydration.HydrationPool;
import org.vmfinalize.hydration.Hydrator;
import org.vmfinalize.hydration.Pace;

/// What a finalization does to the disks, all at the same time, and how far that is.
///
/// **Threads:** one works; any number may stop it, change its pace and ask for the progress.
final class DiskWork {

    private static final long HOLE_STEP_BYTES = 4L << 20;

    private final List<LiveDisk> disks;
    private final Provisioning provisioning;
    private final Pace pace;
    private final HydrationPool pool;

    /// Up to where holes were filled with zeros, by disk.
    private final AtomicLongArray filledTo;

    /// By disk.
    private final List<Forecast> forecasts;

    /// Whether holes are filled with zeros in the end: because that was asked for, or space cannot be had otherwise.
    private volatile boolean fillingHoles;

    private volatile @Nullable Hydrator running;

    DiskWork(List<LiveDisk> disks, FinalizationOptions options, HydrationPool pool, LongSupplier nanoClock) {
        this.disks = disks;
        this.provisioning = options.provisioning();
        this.pace = new Pace(options.pace());
        this.pool = pool;
        this.fillingHoles = provisioning == Provisioning.EAGER_THICK;
        this.filledTo = new AtomicLongArray(disks.size());
        this.forecasts = disks.stream().map(_ -> new Forecast(nanoClock)).toList();
    }

    Pace pace() {
        return pace;
    }

    /// Makes [#hydrate] return soon. Its `stopWanted` must say true before.
    void stop() {
        var hydrator = running;
        if (hydrator != null) {
            hydrator.stop();
        }
    }

    /// Makes all disks wholly local, with the space that was asked for.
    ///
    /// @return false if it was stopped before
    boolean hydrate(BooleanSupplier stopWanted) throws IOException {
        var live = disks.stream().filter(disk -> !disk.isSealed()).toList();
        if (provisioning != Provisioning.THIN) {
            for (var disk : live) {
                // First: if there is too little space, that is known before anything is copied.
                if (!disk.reserve()) {
                    fillingHoles = true;
                }
            }
        }
        return copy(live, stopWanted) && (!fillingHoles || fillHoles(stopWanted));
    }

    private boolean copy(List<LiveDisk> live, BooleanSupplier stopWanted) throws IOException {
        var hydrator = new Hydrator(live, pace, provisioning != Provisioning.THIN, pool);
        running = hydrator;
        try {
            // Asked after it can be stopped: whoever wants it stopped has either been seen here, or stops it.
            return !stopWanted.getAsBoolean() && hydrator.run();
        } finally {
            running = null;
        }
    }

    private boolean fillHoles(BooleanSupplier stopWanted) throws IOException {
        for (int i = 0; i < disks.size(); i++) {
            if (!disks.get(i).isSealed() && !fillHoles(i, stopWanted)) {
                return false;
            }
        }
        return true;
    }

    private boolean fillHoles(int index, BooleanSupplier stopWanted) throws IOException {
        var disk = disks.get(index);
        for (long at = filledTo.get(index); at < disk.size();) {
            if (stopWanted.getAsBoolean()) {
                return false;
            }
            long end = Math.min(disk.size(), at + HOLE_STEP_BYTES);
            disk.fillHoles(new ByteRange(at, end));
            at = end;
            filledTo.set(index, at);
        }
        return true;
    }

    /// @param moving whether it is told when the disks will be done
    List<FinalizationProgress.Disk> progress(boolean moving) {
        var parts = new ArrayList<FinalizationProgress.Disk>();
        for (int i = 0; i < disks.size(); i++) {
            var disk = disks.get(i);
            var counters = disk.counters();
            long done = counters.localBytes() - counters.zeroBytes();
            long total = counters.sizeBytes() - counters.zeroBytes();
            if (fillingHoles) {
                done += (long) (counters.zeroBytes() * ((double) filledTo.get(i) / disk.size()));
                total = counters.sizeBytes();
            }
            Optional<TimeLeft> left = moving ? forecasts.get(i).look(total - done) : Optional.empty();
            parts.add(new FinalizationProgress.Disk(disk.name(), done, total, disk.size(), disk.isSealed(),
                    left));
        }
        return parts;
    }

    /// What was foretold for the disks counts no longer, since something has changed.
    void restartForecasts() {
        var parts = progress(false);
        for (int i = 0; i < parts.size(); i++) {
            forecasts.get(i).restart(parts.get(i).totalBytes() - parts.get(i).doneBytes());
        }
    }

    long leftBytes() {
        return progress(false).stream().mapToLong(part -> part.totalBytes() - part.doneBytes()).sum();
    }

    /// The place of a backup that some disk waits for, if there is one.
    Optional<String> waitsFor() {
        return disks.stream().filter(disk -> !disk.isSealed()).flatMap(disk -> disk.backupTrouble().stream())
                .map(BackupTrouble::text).findFirst();
    }

    long doneBytes() {
        return progress(false).stream().mapToLong(FinalizationProgress.Disk::doneBytes).sum();
    }

    long hydratedBytes() {
        return disks.stream().mapToLong(disk -> disk.counters().hydratedBytes()).sum();
    }

    long guestWrittenBytes() {
        return disks.stream().mapToLong(disk -> disk.counters().guestWrittenBytes()).sum();
    }
}
