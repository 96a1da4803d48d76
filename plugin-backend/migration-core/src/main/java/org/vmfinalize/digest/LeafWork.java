package org.vmfinalize.digest;

import java.io.IOException;
import java.util.ArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/// Goes through leaves with a few threads, `NAME-N`, in ascending order. It ends with the last leaf, the first failure, or
/// when it is wanted to stop.
final class LeafWork {

    private final String name;
    private final int threads;
    private final BooleanSupplier stopWanted;

    LeafWork(String name, int threads, BooleanSupplier stopWanted) {
        this.name = name;
        this.threads = threads;
        this.stopWanted = stopWanted;
    }

    /// What a thread does with leaves.
    interface Worker {
        void work(int leaf) throws IOException;
    }

    /// Makes a worker for one thread.
    interface Workers {
        Worker worker();
    }

    /// @return false if it was stopped before the last leaf
    /// @throws IOException the failure of the worker that failed first in the order of threads
    boolean run(int count, Workers workers) throws IOException {
        var next = new AtomicInteger();
        var failed = new AtomicInteger();
        var names = Thread.ofPlatform().name(name + "-", 0).daemon().factory();
        try (var executor = Executors.newThreadPerTaskExecutor(names)) {
            var ends = new ArrayList<Future<?>>();
            for (int i = 0; i < Math.clamp(count, 1, threads); i++) {
                ends.add(executor.submit(() -> {
                    try {
                        work(count, next, failed, workers.worker());
                    } catch (IOException | RuntimeException | Error e) {
                        failed.incrementAndGet();
                        throw e;
                    }
                    return null;
                }));
            }
            for (var end : ends) {
                await(end);
            }
        }
        return next.get() >= count && !stopWanted.getAsBoolean();
    }

    private void work(int count, AtomicInteger next, AtomicInteger failed, Worker worker) throws IOException {
        while (failed.get() == 0 && !stopWanted.getAsBoolean()) {
            int leaf = next.getAndIncrement();
            if (leaf >= count) {
                return;
            }
            worker.work(leaf);
        }
    }

    private void await(Future<?> end) throws IOException {
        try {
            end.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException failure
                    ? failure
                    : new IOException("%s: failed (%s)".formatted(name, e.getCause()), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(name + ": was interrupted", e);
        }
    }
}
