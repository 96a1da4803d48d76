package org.vmfinalize.nfs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.vmfinalize.backup.Backup;
import org.vmfinalize.backup.BackupDisk;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.Extent;

/// A backup of one disk in memory that can get stuck, as a file server that does not answer.
final class TestBackup implements Backup, BackupDisk {

    private final byte[] content;
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private volatile boolean away;
    final AtomicInteger waitingReads = new AtomicInteger();

    TestBackup(byte[] content) {
        this.content = content;
    }

    /// Runs of random bytes and of zeros.
    static byte[] mixed(int size, long seed) {
        Random random = new Random(seed);
        byte[] bytes = new byte[size];
        byte[] run = new byte[65_536];
        for (int at = 0; at < size; at += run.length) {
            random.nextBytes(run);
            if (random.nextInt(3) > 0) {
                System.arraycopy(run, 0, bytes, at, Math.min(run.length, size - at));
            }
        }
        return bytes;
    }

    /// From now on reads wait until [#free()].
    void stick() {
        gate = new CountDownLatch(1);
    }

    void free() {
        gate.countDown();
    }

    /// From now on reads fail.
    void unplug() {
        away = true;
    }

    @Override
    public void read(ByteBuffer target, long position) throws IOException {
        if (away) {
            throw new IOException("the backup is unplugged");
        }
        waitingReads.incrementAndGet();
        try {
            gate.await();
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        } finally {
            waitingReads.decrementAndGet();
        }
        target.put(content, Math.toIntExact(position), target.remaining());
    }

    @Override
    public Iterator<Extent> extents(ByteRange range) {
        return List.of(new Extent(range, Extent.Kind.UNKNOWN)).iterator();
    }

    @Override
    public Iterator<Extent> readOrder() {
        return List.of(new Extent(new ByteRange(0, content.length), Extent.Kind.UNKNOWN)).iterator();
    }

    @Override
    public int bestReadSize() {
        return 65_536;
    }

    @Override
    public String name() {
        return "disk-0";
    }

    @Override
    public long size() {
        return content.length;
    }

    @Override
    public String format() {
        return "memory";
    }

    @Override
    public String identity() {
        return "memory-1";
    }

    @Override
    public Optional<Instant> takenAt() {
        return Optional.empty();
    }

    @Override
    public List<? extends BackupDisk> disks() {
        return List.of(this);
    }

    @Override
    public List<String> files() {
        return List.of("memory");
    }

    @Override
    public void hold(Holder holder) {
        // Nobody tidies up a test's memory.
    }

    @Override
    public void release(String holderId) {
        // See hold.
    }

    @Override
    public void close() {
        // The same object is opened again after a restart.
    }
}
