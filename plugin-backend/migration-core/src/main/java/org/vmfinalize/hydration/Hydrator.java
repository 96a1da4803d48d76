package org.vmfinalize.hydration;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.disk.LiveDisk;

/// Copies what the live disks of one machine miss from their backup, all disks at the same time.
///
/// It can be stopped and run again at any time: what is local by then stays so.
///
/// **Threads:** those of a [HydrationPool]. They are stopped by a flag and never interrupted, since that would close the
/// files.
public final class Hydrator {

    private final List<LiveDisk> disks;
    private final Pace pace;
    private final boolean keepSpace;
    private final HydrationPool pool;
    private volatile boolean stopped;
    private volatile @Nullable MachineRun running;

    /// @param keepSpace whether blocks of zeros keep space that was reserved for them
    /// @param pool shared with others
    public Hydrator(List<LiveDisk> disks, Pace pace, boolean keepSpace, HydrationPool pool) {
        this.disks = List.copyOf(disks);
        this.pace = pace;
        this.keepSpace = keepSpace;
        this.pool = pool;
    }

    /// A hydrator of one disk that shares its threads with nobody.
    ///
    /// @param threads how many pieces are under way at the same time, at least 1
    public Hydrator(LiveDisk disk, RateLimit limit, boolean keepSpace, int threads) {
        this(List.of(disk), new Pace(PaceSettings.AUTOMATIC.withLimit(limit.bytesPerSecond())), keepSpace,
                new HydrationPool(2 * threads));
    }

    /// Copies until nothing is missing or [#stop()] was called, then makes it durable. What cannot be read is stepped around,
    /// and left missing when all the rest is there, unless nothing can be read at all.
    ///
    /// @return whether the disks are wholly local now
    /// @throws org.vmfinalize.backup.FormatException if the backup is damaged; trying again is useless
    /// @throws IOException the first failure of backup or datastore; running again later goes on
    public boolean run() throws IOException {
        var runs = new ArrayList<DiskRun>();
        for (var disk : disks) {
            if (!disk.missing().isEmpty()) {
                runs.add(new DiskRun(disk, keepSpace));
            }
        }
        if (!stopped && !runs.isEmpty()) {
            var run = new MachineRun(pace, runs);
            copy(run);
            for (var disk : disks) {
                disk.flush();
            }
            requireRead(run);
        }
        return disks.stream().allMatch(disk -> disk.missing().isEmpty());
    }

    private void copy(MachineRun run) throws IOException {
        running = run;
        if (stopped) {
            run.stop(); // it was, before it could be told
        }
        pool.run(run);
        running = null;
        switch (run.failure()) {
            case null -> {
            }
            case IOException e -> throw e;
            case Throwable e -> throw new IOException("hydration failed (%s)".formatted(e), e);
        }
    }

    /// What failed once and was read in a later round is there.
    private void requireRead(MachineRun run) throws IOException {
        var unread = run.unread();
        if (unread != null && !stopped && disks.stream().anyMatch(disk -> !disk.missing().isEmpty())) {
            throw unread;
        }
    }

    /// Makes [#run()] return soon: after the pieces that are under way, or without those that hang in the backup.
    public void stop() {
        stopped = true;
        var run = running;
        if (run != null) {
            run.stop();
            pool.wake();
        }
    }
}
