package org.vmfinalize.providers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Queue;
import org.vmfinalize.backup.Extent;

/// Extents that a bundle tells, for which nobody waits longer than is usual for bundles. They are fetched some at a time, as
/// each question takes a thread.
///
/// **Threads:** one at a time.
final class ExtentsInTime implements Iterator<Extent> {

    private static final int MOST = 256;

    /// A format that takes its time gives what it has.
    private static final long MOST_NANOS = 100_000_000;

    private final Guard guard;
    private final Iterator<Extent> own;
    private Queue<Extent> fetched = new ArrayDeque<>();
    private boolean ended;

    ExtentsInTime(Guard guard, Iterator<Extent> own) {
        this.guard = guard;
        this.own = own;
    }

    @Override
    public boolean hasNext() {
        if (fetched.isEmpty() && !ended) {
            try {
                fetched = guard.callInTime("telling extents", this::some);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            ended = fetched.isEmpty();
        }
        return !fetched.isEmpty();
    }

    private Queue<Extent> some() {
        var some = new ArrayDeque<Extent>();
        long start = System.nanoTime();
        while (some.size() < MOST && System.nanoTime() - start < MOST_NANOS && own.hasNext()) {
            some.add(own.next());
        }
        return some;
    }

    @Override
    public Extent next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return fetched.remove();
    }
}
