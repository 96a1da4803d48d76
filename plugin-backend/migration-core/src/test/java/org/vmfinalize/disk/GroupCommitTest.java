package org.vmfinalize.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class GroupCommitTest {

    @Test
    void callersThatComeDuringARunShareTheNextOne() throws Exception {
        var runs = new AtomicInteger();
        var firstRuns = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var group = new GroupCommit(() -> {
            if (runs.incrementAndGet() == 1) {
                firstRuns.countDown();
                await(goOn);
            }
        });
        var threads = new ArrayList<Thread>();
        threads.add(Thread.ofPlatform().start(() -> commit(group)));
        firstRuns.await();
        for (int i = 0; i < 20; i++) {
            threads.add(Thread.ofPlatform().start(() -> commit(group)));
        }
        for (var thread : threads) {
            while (thread.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
        }
        goOn.countDown();
        for (var thread : threads) {
            thread.join();
        }

        assertThat(runs.get()).isEqualTo(2);
    }

    @Test
    void aFailureReachesItsCallersAndTheNextRunIsAnother() throws Exception {
        var runs = new AtomicInteger();
        var group = new GroupCommit(() -> {
            if (runs.incrementAndGet() == 1) {
                throw new IOException("the first fails");
            }
        });

        assertThatIOException().isThrownBy(group::commit).withMessage("the first fails");
        group.commit();

        assertThat(runs.get()).isEqualTo(2);
    }

    private static void commit(GroupCommit group) {
        try {
            group.commit();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
