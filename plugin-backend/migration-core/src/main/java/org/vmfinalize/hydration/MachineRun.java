package org.vmfinalize.hydration;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// One attempt to hydrate all disks of a machine.
///
/// **Threads:** what the pool asks and tells is under the pool's lock; the rest may be called by any number.
final class MachineRun {

    /// How long one that is to stop waits for pieces under way. What is left behind drops what it reads, should that ever
    /// come.
    private static final Duration HANG = Duration.ofSeconds(2);

    private final Pace pace;
    private final List<DiskRun> disks;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile boolean stopped;
    private int underWay;
    private long stopSeenNanos;
    private boolean stopSeen;

    MachineRun(Pace pace, List<DiskRun> disks) {
        this.pace = pace;
        this.disks = List.copyOf(disks);
    }

    Pace pace() {
        return pace;
    }

    void begin(double served, long nowNanos) {
        pace.begin(disks.stream().map(DiskRun::guest).toList(), served, nowNanos);
    }

    void end() {
        pace.end();
    }

    void stop() {
        stopped = true;
    }

    /// Whether nothing more is to be begun, or to be kept of what is read now.
    boolean isStopped() {
        return stopped || failure.get() != null;
    }

    void fail(Throwable cause) {
        failure.compareAndSet(null, cause);
    }

    @Nullable
    Throwable failure() {
        return failure.get();
    }

    /// What could not be read of some disk, after all else was copied; null if all was read.
    @Nullable
    IOException unread() {
        for (var disk : disks) {
            var unread = disk.unread();
            if (unread != null) {
                return unread;
            }
        }
        return null;
    }

    int underWay() {
        return underWay;
    }

    /// The disk that comes next; null if there is nothing to begin.
    @Nullable
    DiskRun nextDisk() {
        if (isStopped()) {
            return null;
        }
        DiskRun next = null;
        for (var disk : disks) {
            if (!disk.isExhausted() && (next == null || disk.isBehind(next))) {
                next = disk;
            }
        }
        return next;
    }

    void pieceBegins(DiskRun disk) {
        underWay++;
        disk.pieceBegins();
        pace.reserve();
    }

    void pieceEnds(DiskRun disk) {
        underWay--;
        disk.pieceEnds();
    }

    boolean isOver(long nowNanos) {
        if (isStopped() && !stopSeen) {
            stopSeen = true;
            stopSeenNanos = nowNanos;
        }
        if (nextDisk() != null) {
            return false;
        }
        return underWay == 0 || (stopSeen && nowNanos - stopSeenNanos > HANG.toNanos());
    }
}
