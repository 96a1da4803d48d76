package org.vmfinalize.nfs.export;

import com.google.errorprone.annotations.concurrent.GuardedBy;

/// The memory of reads that wait for a backup, shared by the live disks of an export.
///
/// While all of it is taken a disk gets more only up to an equal part, so that a backup that is away does not hold up
/// the reads of disks whose backup is there. What is taken in all is at most twice the room, and one read for each disk.
///
/// **Threads:** any number. They wait here for each other, so they are virtual ones.
public final class WaitingReads {

    private final long room;

    @GuardedBy("this")
    private long taken;
    @GuardedBy("this")
    private int disks;

    /// What the reads of one disk have taken.
    public static final class Part {
        private long taken;
    }

    /// @param room in bytes
    WaitingReads(long room) {
        this.room = room;
    }

    /// Waits until a read of `bytes` may take its memory; give it back with [#release(Part, int)].
    public synchronized void acquire(Part part, int bytes) {
        boolean interrupted = false;
        while (!mayTake(part, bytes)) {
            try {
                wait();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (part.taken == 0) {
            disks++;
        }
        part.taken += bytes;
        taken += bytes;
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @GuardedBy("this")
    private boolean mayTake(Part part, int bytes) {
        return part.taken == 0 || taken + bytes <= room || part.taken + bytes <= room / disks;
    }

    public synchronized void release(Part part, int bytes) {
        part.taken -= bytes;
        taken -= bytes;
        if (part.taken == 0) {
            disks--;
        }
        notifyAll();
    }
}
