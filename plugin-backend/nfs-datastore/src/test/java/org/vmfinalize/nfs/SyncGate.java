package org.vmfinalize.nfs;

import java.util.concurrent.CountDownLatch;

/// Holds up those who make files durable, when it is shut.
final class SyncGate {

    private volatile CountDownLatch arrived = new CountDownLatch(0);
    private volatile CountDownLatch way = new CountDownLatch(0);

    void shut() {
        arrived = new CountDownLatch(1);
        way = new CountDownLatch(1);
    }

    void open() {
        way.countDown();
    }

    /// Waits until somebody waits here.
    void awaitSomebody() throws InterruptedException {
        arrived.await();
    }

    /// Waits as long as it is shut.
    void pass() {
        CountDownLatch shut = way;
        arrived.countDown();
        try {
            shut.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
