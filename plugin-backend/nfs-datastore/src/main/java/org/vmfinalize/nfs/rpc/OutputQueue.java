package org.vmfinalize.nfs.rpc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Replies on their way into a socket that does not block.
///
/// **Threads:** any number.
final class OutputQueue {

    private static final int GATHER = 16;

    private final GatheringByteChannel channel;
    private final BufferPool pool;
    private final Holdings.Share share;
    private final ReentrantLock lock = new ReentrantLock();
    @GuardedBy("lock")
    private final ArrayDeque<ByteBuffer> buffers = new ArrayDeque<>();
    @GuardedBy("lock")
    private boolean closed;
    /// Written under the lock, read by anyone.
    private volatile long bytes;
    private volatile long lastProgress = System.nanoTime();
    private volatile @Nullable IOException broken;

    OutputQueue(GatheringByteChannel channel, BufferPool pool, Holdings.Share share) {
        this.channel = channel;
        this.pool = pool;
        this.share = share;
    }

    /// Appends the bytes from position to limit. The buffer goes to the pool when they have left.
    void add(ByteBuffer buffer) {
        lock.lock();
        try {
            if (closed) {
                pool.give(buffer);
                return;
            }
            if (buffers.isEmpty()) {
                lastProgress = System.nanoTime();
            }
            buffers.add(buffer);
            setBytes(bytes + buffer.remaining());
        } finally {
            lock.unlock();
        }
    }

    /// Sends as much as the socket takes now.
    ///
    /// @return whether nothing is left; if something is, the connection's thread has to wait for the socket. A broken
    ///         connection counts as something left, so that its thread notices
    boolean drain() {
        lock.lock();
        try {
            while (!buffers.isEmpty() && sendSome()) {
                releaseSent();
            }
            return buffers.isEmpty();
        } catch (IOException e) {
            broken = e;
            return false;
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private boolean sendSome() throws IOException {
        long count = buffers.size() == 1 ? channel.write(buffers.element()) : channel.write(first());
        if (count > 0) {
            setBytes(bytes - count);
            lastProgress = System.nanoTime();
        }
        return count > 0;
    }

    @GuardedBy("lock")
    private ByteBuffer[] first() {
        ByteBuffer[] some = new ByteBuffer[Math.min(GATHER, buffers.size())];
        Iterator<ByteBuffer> next = buffers.iterator();
        for (int i = 0; i < some.length; i++) {
            some[i] = next.next();
        }
        return some;
    }

    @GuardedBy("lock")
    private void setBytes(long value) {
        share.add(value - bytes);
        bytes = value;
    }

    @GuardedBy("lock")
    private void releaseSent() {
        while (!buffers.isEmpty() && !buffers.element().hasRemaining()) {
            pool.give(buffers.remove());
        }
    }

    /// Bytes not sent yet.
    long bytes() {
        return bytes;
    }

    boolean isEmpty() {
        return bytes == 0;
    }

    /// When bytes last left, or the first was added to an empty queue, in [System#nanoTime()].
    long lastProgress() {
        return lastProgress;
    }

    /// Throws what broke the connection while another thread was sending.
    void checkUnbroken() throws IOException {
        IOException failure = broken;
        if (failure != null) {
            throw failure;
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            buffers.forEach(pool::give);
            buffers.clear();
            setBytes(0);
        } finally {
            lock.unlock();
        }
    }
}
