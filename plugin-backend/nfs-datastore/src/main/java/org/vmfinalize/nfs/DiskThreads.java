package org.vmfinalize.nfs;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.vmfinalize.nfs.export.ExportTree;

/// The threads that wait for devices. Each export has its own, so that a device that hangs holds up no other export.
///
/// **Threads:** any number.
final class DiskThreads {

    private static final int MOST_OF_ONE_EXPORT = 32;
    private static final int KEPT_SECONDS = 30;

    private final Map<Integer, ThreadPoolExecutor> byExport = new ConcurrentHashMap<>();

    Executor of(ExportTree tree) {
        return byExport.computeIfAbsent(tree.id(), _ -> newThreads(tree.export().path()));
    }

    private static ThreadPoolExecutor newThreads(String export) {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(MOST_OF_ONE_EXPORT, MOST_OF_ONE_EXPORT,
                KEPT_SECONDS,
                TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
                Thread.ofPlatform().daemon().name("nfs-disk " + export + " ", 0).factory());
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    /// Takes no more work and waits, up to `grace`, for what there is. Threads that do file I/O are never interrupted: that
    /// would close channels under others.
    void close(Duration grace) throws InterruptedException {
        byExport.values().forEach(ThreadPoolExecutor::shutdown);
        long end = System.nanoTime() + grace.toNanos();
        for (ThreadPoolExecutor threads : byExport.values()) {
            var _ = threads.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        }
    }
}
