package org.vmfinalize.hydration;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.disk.LiveDisk;

/// Has the device store what hydration writes to a disk, and while no guest is at work keeps only the last of it in memory.
///
/// So a large disk does not push all other files out of memory, a flush has little to wait for, and memory that was
/// just written to is used again, which costs less than new memory, above all in a virtual machine. What a guest at work
/// may read soon is left to the system to keep.
///
/// **Threads:** any number; one that goes beyond the bound waits for the device, the others do not wait for it.
final class WriteBehind {

    /// Enough for the device to gather large requests from, and little beside a server's memory.
    private static final long BOUND_BYTES = 128L << 20;

    /// A piece that is worth a request to the device of its own. Smaller ones are gathered, as far as they lie close together.
    private static final long STORED_AT_ONCE_BYTES = 256 << 10;
    private static final long GATHERED_BYTES = 4 << 20;

    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Consumer<ByteRange> beginStoring;
    private final Consumer<ByteRange> storeAndForget;
    private final LongSupplier guestIdleNanos;
    private final long bound;
    private final Queue<ByteRange> written = new ArrayDeque<>();
    private long writtenBytes;
    /// Where the small pieces are that the device does not know of yet.
    private @Nullable ByteRange gathered;

    /// @param guestIdleNanos how long ago the guest has asked for something
    WriteBehind(Consumer<ByteRange> beginStoring, Consumer<ByteRange> storeAndForget,
            LongSupplier guestIdleNanos,
            long bound) {
        this.beginStoring = beginStoring;
        this.storeAndForget = storeAndForget;
        this.guestIdleNanos = guestIdleNanos;
        this.bound = bound;
    }

    static WriteBehind of(LiveDisk disk) {
        var guest = disk.guest();
        return new WriteBehind(disk.missing()::beginStoring, disk.missing()::storeAndForget,
                () -> System.nanoTime() - guest.lastArrivalNanos(), BOUND_BYTES);
    }

    /// Begins to store a range that was written, and finishes with earlier ones beyond the bound.
    void wrote(ByteRange range) {
        var due = add(range);
        if (due != null) {
            beginStoring.accept(due);
        }
        boolean idle = guestIdleNanos.getAsLong() >= IDLE_NANOS;
        for (var oldest = beyondBound(); oldest != null; oldest = beyondBound()) {
            if (idle) {
                storeAndForget.accept(oldest);
            }
        }
    }

    /// @return what is to be stored now
    private synchronized @Nullable ByteRange add(ByteRange range) {
        written.add(range);
        writtenBytes += range.length();
        if (range.length() >= STORED_AT_ONCE_BYTES) {
            return range;
        }
        var before = gathered;
        if (before == null) {
            gathered = range;
            return null;
        }
        var both = new ByteRange(Math.min(before.start(), range.start()),
                Math.max(before.end(), range.end()));
        boolean close = both.length() <= GATHERED_BYTES;
        gathered = close ? both : range;
        return close ? null : before;
    }

    private synchronized @Nullable ByteRange beyondBound() {
        if (writtenBytes <= bound) {
            return null;
        }
        var oldest = written.remove();
        writtenBytes -= oldest.length();
        return oldest;
    }
}
