package org.vmfinalize.places.nbd;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.backup.Extent;
import org.vmfinalize.places.remote.PassingException;

/// A connection on which an export is open, with any number of requests under way.
///
/// One that is not answered in time breaks the connection, since its late answer could not be told from another's.
///
/// **Threads:** any number ask; one of its own, `nbd-SERVER`, reads the answers until the connection ends.
final class Transmission implements Closeable {

    private static final int REQUEST_MAGIC = 0x2560_9513;
    private static final int DISCONNECT = 2;
    private static final int REQUEST_BYTES = 28;

    private final Wire wire;
    private final NbdExport export;
    private final Duration patience;
    private final Map<Long, Request<?>> pending = new ConcurrentHashMap<>();
    private final AtomicLong cookies = new AtomicLong();
    private final ReentrantLock sending = new ReentrantLock();
    private volatile @Nullable IOException broken;

    Transmission(Wire wire, NbdExport export, String server, Duration patience) {
        this.wire = wire.buffered();
        this.export = export;
        this.patience = patience;
        Thread.ofVirtual().name("nbd-" + server).start(this::listen);
    }

    NbdExport export() {
        return export;
    }

    boolean isBroken() {
        return broken != null;
    }

    /// Reads bytes.
    ///
    /// @param length at most [NbdExport#maxBlock()]; with `offset` a multiple of [NbdExport#minBlock()]
    /// @throws PassingException if the connection fails, or the server says that it cannot now
    byte[] read(long offset, int length) throws IOException {
        return ask(new ReadRequest(offset, length));
    }

    /// Asks which parts are zeros. Only with [NbdExport#allocation()].
    List<Extent> status(long offset, int length) throws IOException {
        return ask(new StatusRequest(offset, length, export.allocation().orElseThrow(), export.size()));
    }

    private <T> T ask(Request<T> request) throws IOException {
        long cookie = cookies.incrementAndGet();
        pending.put(cookie, request);
        var already = broken;
        if (already != null) {
            // Whoever broke it may have looked at what was pending before this was.
            pending.remove(cookie);
            throw lost(already);
        }
        try {
            send(request.command(), cookie, request.offset(), request.length());
            return request.answer().get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            var late = new IOException("a request must be answered within %d ms but was not".formatted(
                    patience.toMillis()), e);
            fail(late);
            throw lost(late);
        } catch (ExecutionException e) {
            throw again(e.getCause() == null ? e : e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the reading thread was interrupted", e);
        } finally {
            pending.remove(cookie);
        }
    }

    /// The exception of another thread, as one of this thread.
    private static IOException again(Throwable cause) {
        return cause instanceof PassingException
                ? new PassingException(String.valueOf(cause.getMessage()), cause)
                : new IOException(cause.getMessage(), cause);
    }

    private static PassingException lost(IOException why) {
        return new PassingException("the connection was lost: " + why.getMessage(), why);
    }

    private void send(int command, long cookie, long offset, int length) throws IOException {
        var message = ByteBuffer.allocate(REQUEST_BYTES).putInt(REQUEST_MAGIC).putShort((short) 0)
                .putShort((short) command).putLong(cookie).putLong(offset).putInt(length).flip();
        sending.lock();
        try {
            wire.write(message);
        } catch (IOException e) {
            fail(e);
            throw lost(e);
        } finally {
            sending.unlock();
        }
    }

    private void listen() {
        var replies = new Replies(wire, export, pending);
        try {
            while (!isBroken()) {
                replies.next();
            }
        } catch (IOException | RuntimeException e) {
            fail(e instanceof IOException failure ? failure : new IOException("an answer made no sense", e));
        }
    }

    /// The connection is of no use any more.
    private void fail(IOException why) {
        synchronized (this) {
            if (broken != null) {
                return;
            }
            broken = why;
        }
        try {
            wire.close();
        } catch (IOException e) {
            why.addSuppressed(e);
        }
        for (var request : pending.values()) {
            request.answer().completeExceptionally(lost(why));
        }
    }

    @Override
    public void close() {
        if (!isBroken() && sending.tryLock()) {
            try {
                send(DISCONNECT, 0, 0, 0);
            } catch (IOException _) {
                // It is closed anyhow, and there is nothing to lose.
            } finally {
                sending.unlock();
            }
        }
        fail(new IOException("it was closed"));
    }
}
