package org.vmfinalize.nfs.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class WaitingReadsTest {

    private final WaitingReads reads = new WaitingReads(1000);
    private final WaitingReads.Part stuck = new WaitingReads.Part();
    private final WaitingReads.Part other = new WaitingReads.Part();

    @Test
    void aDiskWhoseBackupIsAwayLeavesAnEqualPartToTheOthers() throws InterruptedException {
        for (int i = 0; i < 10; i++) {
            reads.acquire(stuck, 100);
        }
        for (int i = 0; i < 5; i++) {
            reads.acquire(other, 100);
        }
        var waiting = new CountDownLatch(1);
        var thread = Thread.ofVirtual().start(() -> {
            waiting.countDown();
            reads.acquire(stuck, 100);
        });
        waiting.await();
        reads.release(other, 100);
        reads.acquire(other, 100);
        assertThat(thread.isAlive()).isTrue();

        for (int i = 0; i < 6; i++) {
            reads.release(stuck, 100);
        }

        thread.join();
    }

    @Test
    void aReadThatIsLargerThanAllRoomIsDoneAlone() {
        reads.acquire(stuck, 5000);
        reads.acquire(other, 5000);
        reads.release(stuck, 5000);
        reads.release(other, 5000);
    }
}
