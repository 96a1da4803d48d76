package org.vmfinalize.lab.guest;

import java.io.IOException;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// One of a guest's threads of I/O. It has stripes of the disk to itself, so that it knows what it must read.
final class GuestWorker implements Runnable {

    static final int STRIPE_BYTES = 1 << 20;

    private static final int[] LENGTHS = {512, 4096, 4096, 4096, 3584, 8192, 16 * 1024, 64 * 1024};
    private static final int WRITES_BETWEEN_COMMITS = 16;

    /// A share of the stripes gets half of all operations, as files in use do.
    private static final int HOT_SHARE = 8;

    /// How far behind its rate a worker catches up; after a longer pause it goes on at its rate.
    private static final long CATCH_UP_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long RETRY_MILLIS = 500;

    private final Guest guest;
    private final Random random;
    private final int index;
    private final int workerCount;
    private final long intervalNanos;
    private final long stripeCount;
    private final CountDownLatch stopping = new CountDownLatch(1);

    private int generation;
    private int writesSinceCommit;

    GuestWorker(Guest guest, GuestPlan plan, int index, int workerCount) {
        this.guest = guest;
        this.random = new Random(plan.seed() + index);
        this.index = index;
        this.workerCount = workerCount;
        this.intervalNanos = TimeUnit.SECONDS.toNanos(1) * workerCount / plan.operationsPerSecond();
        long stripes = Math.ceilDiv(guest.size(), STRIPE_BYTES);
        this.stripeCount = Math.ceilDiv(stripes - index, workerCount);
    }

    void stop() {
        stopping.countDown();
    }

    @Override
    public void run() {
        long next = System.nanoTime();
        while (!isStoppedWithin(next - System.nanoTime())) {
            try {
                operate();
            } catch (IOException e) {
                guest.failed(e);
            }
            next = Math.max(next + intervalNanos, System.nanoTime() - CATCH_UP_NANOS);
        }
    }

    private void operate() throws IOException {
        int length = LENGTHS[random.nextInt(LENGTHS.length)];
        long stripe = random.nextBoolean()
                ? random.nextLong(stripeCount)
                : random.nextLong(Math.ceilDiv(stripeCount, HOT_SHARE));
        long start = (stripe * workerCount + index) * STRIPE_BYTES;
        int sectors = (int) Math.min(STRIPE_BYTES, guest.size() - start) / WrittenSectors.SECTOR_BYTES;
        int count = Math.min(sectors, length / WrittenSectors.SECTOR_BYTES);
        long position = start + (long) random.nextInt(sectors - count + 1) * WrittenSectors.SECTOR_BYTES;
        if (random.nextInt(10) < 7) {
            guest.read(position, count * WrittenSectors.SECTOR_BYTES);
        } else {
            write(position, count * WrittenSectors.SECTOR_BYTES);
        }
    }

    private void write(long position, int length) throws IOException {
        boolean stable = random.nextBoolean();
        generation++;
        while (true) {
            try {
                guest.write(position, length, generation, stable);
                break;
            } catch (NfsStatusException e) {
                // ESXi holds a machine whose datastore is full and tries again; so does this one.
                boolean passes = e.status() == NfsStatusException.NO_SPACE
                        || e.status() == NfsStatusException.TRY_LATER;
                if (!passes || isStoppedWithin(TimeUnit.MILLISECONDS.toNanos(RETRY_MILLIS))) {
                    throw e;
                }
            }
        }
        if (!stable && ++writesSinceCommit >= WRITES_BETWEEN_COMMITS) {
            writesSinceCommit = 0;
            guest.commit();
        }
    }

    private boolean isStoppedWithin(long nanos) {
        try {
            return stopping.await(Math.max(0, nanos), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
