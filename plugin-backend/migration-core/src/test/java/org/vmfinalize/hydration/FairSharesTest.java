package org.vmfinalize.hydration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.disk.LiveDisk;
import org.vmfinalize.disk.LiveDiskSettings;
import org.vmfinalize.disk.MemoryBackup;
import org.vmfinalize.disk.Volume;

/// Several disks and machines that share one pool. What was read is told by the order of reads, not by time.
@Timeout(60)
class FairSharesTest {

    private static final int SIZE = 24 << 20;

    @TempDir
    Path directory;

    private final HydrationPool pool = new HydrationPool(18);
    private final ExecutorService machines = Executors.newCachedThreadPool();
    private final List<String> reads = Collections.synchronizedList(new ArrayList<>());
    private final List<LiveDisk> disks = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        machines.close();
        for (var disk : disks) {
            disk.close();
        }
    }

    /// @param begins counts down when the disk is read first
    /// @param awaited what its reads wait for
    private LiveDisk disk(String name, CountDownLatch begins, CountDownLatch awaited) throws IOException {
        byte[] content = new byte[SIZE];
        Arrays.fill(content, (byte) 7);
        var backup = new MemoryBackup(content, false);
        backup.beforeRead = (_, _) -> {
            begins.countDown();
            await(begins);
            await(awaited);
            reads.add(name);
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

    private Future<Boolean> hydrate(Priority priority, LiveDisk... disks) {
        var pace = new Pace(new PaceSettings(0, Optional.empty(), priority));
        return machines.submit(() -> new Hydrator(List.of(disks), pace, false, pool).run());
    }

    private long readsUntilTheEndOf(String name, String other) {
        List<String> all = List.copyOf(reads);
        return all.subList(0, all.lastIndexOf(name)).stream().filter(other::equals).count();
    }

    @Test
    void allDisksOfAMachineAreFilledAtTheSameTime() throws Exception {
        var a = new CountDownLatch(1);
        var b = new CountDownLatch(1);

        assertThat(hydrate(Priority.NORMAL, disk("a", a, b), disk("b", b, a)).get()).isTrue();

        assertThat(readsUntilTheEndOf("a", "b")).isGreaterThan(Collections.frequency(reads, "b") / 4);
        assertThat(readsUntilTheEndOf("b", "a")).isGreaterThan(Collections.frequency(reads, "a") / 4);
    }

    @Test
    void aMachineWithPriorityGetsFourTimesAsMuch() throws Exception {
        var low = new CountDownLatch(1);
        var normal = new CountDownLatch(1);
        var first = hydrate(Priority.LOW, disk("low", low, normal));
        var second = hydrate(Priority.NORMAL, disk("normal", normal, low));

        assertThat(first.get()).isTrue();
        assertThat(second.get()).isTrue();

        long all = Collections.frequency(reads, "low");
        assertThat(readsUntilTheEndOf("normal", "low")).isBetween(all / 20, all / 2);
    }

    @Test
    void aMachineWhoseBackupHangsDoesNotStopAnother() throws Exception {
        var never = new CountDownLatch(1);
        var hanging = disk("hanging", new CountDownLatch(1), never);
        var stuck = new Hydrator(List.of(hanging), new Pace(PaceSettings.AUTOMATIC), false, pool);
        var result = machines.submit(stuck::run);

        assertThat(hydrate(Priority.NORMAL, disk("good", new CountDownLatch(1), new CountDownLatch(0))).get())
                .isTrue();

        stuck.stop();
        assertThat(result.get()).isFalse();
        never.countDown();
    }
}
