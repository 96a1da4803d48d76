package org.vmfinalize.lab.guest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.vmfinalize.lab.backup.ReferenceDisk;

/// A virtual machine's use of its disk: reads and writes over NFS at a steady rate, every byte read being compared with
/// what it must be, the backup's content or the guest's own last write.
///
/// **Threads:** one virtual thread per worker, `guest-N`; each waits for its next operation or for the file server, and
/// ends by [#stop()]. The methods may be called by any thread.
public final class Guest {

    private final NfsFile file;
    private final MovableDisk disk;
    private final WrittenSectors written;
    private final ReferenceDisk before;
    private final List<GuestWorker> workers;
    private final List<Thread> threads;

    private final Latency latency = new Latency();
    private final Latency interrupted = new Latency();
    private final LongAdder reads = new LongAdder();
    private final LongAdder writes = new LongAdder();
    private final LongAdder readBytes = new LongAdder();
    private final LongAdder writtenBytes = new LongAdder();
    private final LongAdder errors = new LongAdder();
    private final AtomicReference<Optional<String>> firstError = new AtomicReference<>(Optional.empty());

    private Guest(NfsFile file, WrittenSectors written, ReferenceDisk before, GuestPlan plan) {
        this.file = file;
        this.disk = new MovableDisk(file);
        this.written = written;
        this.before = before;
        int count = (int) Math.min(plan.workers(), Math.ceilDiv(disk.size(), GuestWorker.STRIPE_BYTES));
        this.workers = IntStream.range(0, count).mapToObj(i -> new GuestWorker(this, plan, i, count))
                .toList();
        this.threads = IntStream.range(0, count)
                .mapToObj(i -> Thread.ofVirtual().name("guest-" + i).unstarted(workers.get(i)))
                .toList();
    }

    /// Opens the disk and starts using it.
    ///
    /// @param path the file's path below `export`, such as `web-01/disk-0-flat.vmdk`
    /// @param before what the disk must read as where the guest has not written; the caller closes it, after the guest
    /// @throws IOException if the disk cannot be opened, or its size is not that of `before`
    public static Guest start(NfsAddress address, String export, String path, ReferenceDisk before,
            GuestPlan plan)
            throws IOException {
        var written = new WrittenSectors(plan.seed());
        var disk = NfsFile.open(address, export, List.of(path.split("/")), (position, length) -> {
            var content = new byte[length];
            written.lay(content, position);
            return content;
        });
        if (disk.size() != before.size()) {
            disk.close();
            throw new IOException("guest disk %s: must have %d bytes as the backup but has %d"
                    .formatted(path, before.size(), disk.size()));
        }
        var guest = new Guest(disk, written, before, plan);
        guest.threads.forEach(Thread::start);
        return guest;
    }

    /// Finishes what is under way, makes all writes stable and closes the disk.
    public void stop() throws IOException {
        workers.forEach(GuestWorker::stop);
        try {
            for (var thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the guest was stopping", e);
        }
        try (disk) {
            disk.commit();
        }
    }

    /// What happened so far.
    public GuestReport report() {
        return new GuestReport(reads.sum(), writes.sum(), readBytes.sum(), writtenBytes.sum(), errors.sum(),
                firstError.get(), latency.longest(), latency.percentile(99), interrupted.longest(),
                file.reconnects(),
                file.sentAgain());
    }

    /// What the disk must read as once the guest has stopped. Closing it does nothing.
    public ReferenceDisk expectedDisk() {
        return new ExpectedDisk(before, written);
    }

    /// The disk that it uses, which may be moved meanwhile.
    MovableDisk disk() {
        return disk;
    }

    long size() {
        return disk.size();
    }

    void read(long position, int length) throws IOException {
        var content = ByteBuffer.allocate(length);
        timed(() -> disk.read(content, position));
        compare(content.array(), position);
        reads.increment();
        readBytes.add(length);
    }

    void write(long position, int length, int generation, boolean stable) throws IOException {
        var content = written.content(position, length, generation);
        timed(() -> disk.write(content, position, stable, () -> written.note(position, length, generation)));
        writes.increment();
        writtenBytes.add(length);
    }

    void commit() throws IOException {
        timed(disk::commit);
    }

    void failed(Exception failure) {
        errors.increment();
        var message = Objects.requireNonNullElse(failure.getMessage(), failure.toString());
        firstError.compareAndSet(Optional.empty(), Optional.of(message));
    }

    private interface Operation {
        void run() throws IOException;
    }

    private void timed(Operation operation) throws IOException {
        int reconnectsBefore = file.reconnects();
        long start = System.nanoTime();
        operation.run();
        long took = System.nanoTime() - start;
        (file.reconnects() == reconnectsBefore ? latency : interrupted).note(took);
    }

    private void compare(byte[] content, long position) throws IOException {
        var expected = ByteBuffer.allocate(content.length);
        before.read(expected, position);
        written.lay(expected.array(), position);
        int difference = Arrays.mismatch(content, expected.array());
        if (difference >= 0) {
            int sectorStart = difference - difference % WrittenSectors.SECTOR_BYTES;
            throw new IOException("wrong byte at %d: must be %s but is %s".formatted(position + difference,
                    written.describe(expected.array(), sectorStart), written.describe(content, sectorStart)));
        }
    }
}
