package org.vmfinalize.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.FormatException;

/// Reads what a guest misses out of the backup, together with what lies around it, and keeps all of that.
///
/// The guest has its answer before anything is stored; what cannot be stored now is left to whoever hydrates the disk.
/// Whoever hydrates is also told where the guest reads, see [#hot()].
///
/// **Memory:** 16 MiB for all disks of the process; beyond that a miss is read alone.
///
/// **Threads:** any number.
final class MissReads {

    private static final Logger LOG = LoggerFactory.getLogger(MissReads.class);
    private static final int BLOCK = BlockMap.BLOCK_BYTES;
    private static final int UNIT = NeighbourhoodSize.LEAST_BYTES;
    private static final Semaphore BUFFERS = new Semaphore((16 << 20) / UNIT);

    /// How many neighbourhoods of a disk are stored at the same time.
    private static final int FILLS = 4;

    private final long size;
    private final BlockMap map;
    private final PatientBackup backup;
    private final MissingBlocks missing;
    private final NeighbourhoodSize neighbourhood = new NeighbourhoodSize(System::nanoTime);
    private final HotRanges hot = new HotRanges();
    private final Semaphore filling = new Semaphore(FILLS);
    private final AtomicBoolean closed = new AtomicBoolean();

    MissReads(long size, BlockMap map, PatientBackup backup, MissingBlocks missing) {
        this.size = size;
        this.map = map;
        this.backup = backup;
        this.missing = missing;
    }

    HotRanges hot() {
        return hot;
    }

    /// Fills `target` with the backup's bytes at `position`; see [PatientBackup#read].
    void read(ByteBuffer target, long position) throws IOException {
        long end = position + target.remaining();
        int bytes = neighbourhood.sizeAt(position, end);
        var area = areaOf(position, end, bytes);
        hot.missed(area, size);
        int units = (int) Math.ceilDiv(area.length(), (long) UNIT);
        if (area.length() > bytes || !BUFFERS.tryAcquire(units)) {
            backup.read(target, position);
            return;
        }
        boolean handedOver = false;
        try {
            handedOver = readAround(target, position, area, units);
        } finally {
            if (!handedOver) {
                BUFFERS.release(units);
            }
        }
    }

    /// The neighbourhood of a range, without what is local at its ends.
    private ByteRange areaOf(long position, long end, int bytes) {
        long from = position / bytes * bytes;
        long to = Math.min(size, Math.ceilDiv(end, (long) bytes) * bytes);
        long first = map.nextMissing(from / BLOCK, position / BLOCK) * BLOCK;
        long last = map.nextLocal(Math.ceilDiv(end, (long) BLOCK), Math.ceilDiv(to, (long) BLOCK)) * BLOCK;
        return new ByteRange(first, Math.min(to, Math.max(end, last)));
    }

    /// @return whether the memory is given back later
    private boolean readAround(ByteBuffer target, long position, ByteRange area, int units)
            throws IOException {
        var around = ByteBuffer.allocate((int) area.length());
        long began = System.nanoTime();
        try {
            backup.read(around, area.start());
        } catch (FormatException _) {
            // What is damaged may be a neighbour, which the guest has not asked for.
            backup.read(target, position);
            return false;
        }
        neighbourhood.took((int) area.length(), System.nanoTime() - began);
        around.flip();
        target.put(around.slice((int) (position - area.start()), target.remaining()));
        if (!filling.tryAcquire()) {
            return false;
        }
        Thread.ofVirtual().name("keep-neighbourhood").start(() -> keep(around, area.start(), units));
        return true;
    }

    private void keep(ByteBuffer around, long position, int units) {
        try {
            missing.fill(around, position, true);
        } catch (IOException e) {
            LOG.debug(
                    "what lies around byte {} was read but could not be kept ({}); it is read again when the disk is "
                            + "hydrated",
                    position, e.getMessage());
        } finally {
            filling.release();
            BUFFERS.release(units);
        }
    }

    /// Returns when nothing is being kept any more, and nothing will be.
    void close() {
        if (closed.compareAndSet(false, true)) {
            filling.acquireUninterruptibly(FILLS);
        }
    }
}
