package org.vmfinalize.nfs.rpc;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/// Keeps what clients do wrong from filling the log: one warning in ten seconds tells enough.
///
/// **Threads:** any number.
final class FewWarnings {

    private static final long PAUSE_NANOS = Duration.ofSeconds(10).toNanos();

    private final AtomicLong next = new AtomicLong(System.nanoTime());

    /// Whether a warning may be logged now.
    boolean mayWarn() {
        long now = System.nanoTime();
        long due = next.get();
        return now - due >= 0 && next.compareAndSet(due, now + PAUSE_NANOS);
    }
}
