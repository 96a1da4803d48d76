package org.vmfinalize.nfs.rpc;

import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;

/// Direct buffers for replies, kept for the next one: making a large direct buffer costs more than filling it.
///
/// It bounds what it keeps, not what it hands out; that is bounded by those who ask.
///
/// **Threads:** any number.
final class BufferPool {

    /// A class of buffers of one size, with how many of them are kept.
    private record Shelf(int bytes, ArrayBlockingQueue<ByteBuffer> kept) {
        Shelf(int bytes, int most) {
            this(bytes, new ArrayBlockingQueue<>(most));
        }
    }

    private final Shelf[] shelves;

    /// A pool whose largest buffers have `largest` bytes.
    BufferPool(int largest) {
        shelves = new Shelf[]{new Shelf(1 << 10, 4096), new Shelf(20 << 10, 512), new Shelf(256 << 10, 64),
                new Shelf(Math.max(largest, (256 << 10) + 1), 32)};
    }

    /// An empty buffer with room for at least `bytes`.
    ByteBuffer take(int bytes) {
        for (Shelf shelf : shelves) {
            if (bytes <= shelf.bytes) {
                ByteBuffer kept = shelf.kept.poll();
                return kept != null ? kept.clear() : ByteBuffer.allocateDirect(shelf.bytes);
            }
        }
        return ByteBuffer.allocateDirect(bytes);
    }

    /// Gives back a buffer that nobody uses any more.
    void give(ByteBuffer buffer) {
        for (Shelf shelf : shelves) {
            if (buffer.capacity() == shelf.bytes) {
                shelf.kept.offer(buffer);
                return;
            }
        }
    }
}
