package org.vmfinalize.nfs.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GroupCommitTest {

    private static final int WAITERS = 50;

    private final AtomicInteger syncs = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();
    private final CountDownLatch told = new CountDownLatch(WAITERS + 1);
    private final CountDownLatch firstSyncRuns = new CountDownLatch(1);
    private final CountDownLatch firstSyncMayEnd = new CountDownLatch(1);

    private final class Waiter implements GroupCommit.Waiter {
        @Override
        public void synced(@Nullable IOException failure) {
            if (failure != null) {
                failures.incrementAndGet();
            }
            told.countDown();
        }

        @Override
        public void flush() {
            // Nothing is gathered here.
        }
    }

    private void gatherWhileTheFirstSyncRuns(GroupCommit.Sync sync) throws InterruptedException {
        var commits = new GroupCommit();
        try (var threads = Executors.newCachedThreadPool()) {
            commits.add(new Waiter(), commits.failures(), sync, threads);
            firstSyncRuns.await();
            for (int i = 0; i < WAITERS; i++) {
                commits.add(new Waiter(), commits.failures(), sync, threads);
            }
            firstSyncMayEnd.countDown();
            assertThat(told.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    private void syncOnce() {
        syncs.incrementAndGet();
        firstSyncRuns.countDown();
        try {
            firstSyncMayEnd.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void allWhoComeDuringOneSyncShareTheNext() throws InterruptedException {
        gatherWhileTheFirstSyncRuns(this::syncOnce);

        assertThat(syncs).hasValue(2);
        assertThat(failures).hasValue(0);
    }

    @Test
    void aFailedSyncIsToldToItsWholeGroupAndToNoOther() throws InterruptedException {
        gatherWhileTheFirstSyncRuns(() -> {
            syncOnce();
            if (syncs.get() == 2) {
                throw new IOException("device broken");
            }
        });

        assertThat(failures).hasValue(WAITERS);
    }

    @Test
    void aFailedSyncIsAlsoToldToThoseWhoseDataItMayHaveTakenAlong() throws InterruptedException {
        gatherWhileTheFirstSyncRuns(() -> {
            syncOnce();
            if (syncs.get() == 1) {
                throw new IOException("device broken");
            }
        });

        assertThat(syncs).hasValue(2);
        assertThat(failures).as("the first, and all whose data were written while its sync ran")
                .hasValue(WAITERS + 1);
    }

    @Test
    void whatIsWrittenAfterAFailureIsNotTaintedByIt() throws InterruptedException {
        var commits = new GroupCommit();
        long before = commits.failures();
        commits.noteFailure();
        firstSyncMayEnd.countDown();

        commits.add(new Waiter(), commits.failures(), this::syncOnce, Runnable::run);
        assertThat(failures).hasValue(0);
        commits.add(new Waiter(), before, this::syncOnce, Runnable::run);
        assertThat(failures).hasValue(1);
    }
}
