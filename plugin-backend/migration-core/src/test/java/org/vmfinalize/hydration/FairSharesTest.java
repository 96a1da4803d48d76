package org.vmfinalize.hydration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.disk.LiveDisk;
import org.vmfinalize.disk.LiveDiskSettings;
import org.vmfinalize.disk.MemoryBackup;
import org.vmfinalize.disk.Volume;

/// Several disks and machines that share one pool.
@Timeout(60)
class FairSharesTest {

    private static final int SIZE = 24 << 20;
    private static final CountDownLatch OPEN = new CountDownLatch(0);

    @TempDir
    Path directory;

    private final HydrationPool pool = new HydrationPool(18);
    private final ExecutorService machines = Executors.newCachedThreadPool();
    private final List<String> reads = Collections.synchronizedList(new ArrayList<>());
    /// A permit for each of them.
    private final Semaphore read = new Semaphore(0);
    private final List<LiveDisk> disks = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        machines.close();
        for (var disk : disks) {
            disk.close();
        }
    }

    /// @param awaited what its reads wait for
    private LiveDisk disk(String name, CountDownLatch awaited) throws IOException {
        byte[] content = new byte[SIZE];
        Arrays.fill(content, (byte) 7);
        var backup = new MemoryBackup(content, false);
        backup.beforeRead = (_, _) -> {
            await(awaited);
            reads.add(name);
            read.release();
        };
        Path state = Files.createDirectory(directory.resolve(name));
        var disk = LiveDisk.create(Volume.local(), state, directory.resolve(name + "-flat.vmdk"), name,
                UUID.randomUUID(), SIZE, backup.source(), LiveDiskSettings.DEFAULT);
        disks.add(disk);
        return disk;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static MachineRun machine(Priority priority, LiveDisk... disks) throws IOException {
        var runs = new ArrayList<DiskRun>();
        for (var disk : disks) {
            runs.add(new DiskRun(disk, false));
        }
        return new MachineRun(new Pace(new PaceSettings(0, Optional.empty(), priority)), runs);
    }

    /// Takes turns as one of the pool's threads does.
    private void takeTurns(int count, MachineRun... machines) {
        var without = new HydrationPool(18, false);
        for (var machine : machines) {
            without.enter(machine);
        }
        var buffer = ByteBuffer.allocateDirect(HydrationPool.PIECE_BYTES);
        HydrationPool.Turn turn = null;
        for (int i = 0; i < count; i++) {
            turn = Objects.requireNonNull(without.next(turn));
            turn.disk().step(buffer, turn.machine());
        }
    }

    @Test
    void allDisksOfAMachineAreFilledAtTheSameTime() throws Exception {
        takeTurns(100, machine(Priority.NORMAL, disk("a", OPEN), disk("b", OPEN)));

        assertThat(Collections.frequency(reads, "a")).isEqualTo(50);
        assertThat(Collections.frequency(reads, "b")).isEqualTo(50);
    }

    @Test
    void aPieceCountsAgainstTheLimitFromItsBeginningOn() throws Exception {
        var without = new HydrationPool(18, false);
        var disk = new DiskRun(disk("a", OPEN), false);
        var limited = new MachineRun(
                new Pace(new PaceSettings(1000, Optional.empty(), Priority.NORMAL)), List.of(disk));
        without.enter(limited);

        assertThat(without.next(null)).isNotNull();

        assertThat(limited.pace().waitNanos(System.nanoTime(), 1))
                .isGreaterThan(TimeUnit.MINUTES.toNanos(10));
    }

    @Test
    void aLimitThatLeavesThreadsWithoutWorkForLongDoesNotEndTheWork() throws Exception {
        var impatient = new HydrationPool(4, TimeUnit.MILLISECONDS.toNanos(20));
        var slow = new Pace(new PaceSettings(64 << 10, Optional.empty(), Priority.NORMAL));
        var hydrator = new Hydrator(List.of(disk("slow", OPEN)), slow, false, impatient);
        var result = machines.submit(hydrator::run);

        try {
            read.acquire(4);
        } finally {
            hydrator.stop();
        }
        assertThat(result.get()).isFalse();
    }

    @Test
    void aMachineWithPriorityGetsFourTimesAsMuch() throws Exception {
        takeTurns(200, machine(Priority.LOW, disk("low", OPEN)),
                machine(Priority.NORMAL, disk("normal", OPEN)));

        assertThat(Collections.frequency(reads, "low")).isBetween(38, 42);
    }

    @Test
    void aMachineWhoseBackupHangsDoesNotStopAnother() throws Exception {
        var never = new CountDownLatch(1);
        var hanging = disk("hanging", never);
        var stuck = new Hydrator(List.of(hanging), new Pace(PaceSettings.AUTOMATIC), false, pool);
        var result = machines.submit(stuck::run);

        var good = new Hydrator(List.of(disk("good", OPEN)), new Pace(PaceSettings.AUTOMATIC), false, pool);
        assertThat(machines.submit(good::run).get()).isTrue();

        stuck.stop();
        assertThat(result.get()).isFalse();
        never.countDown();
    }
}
