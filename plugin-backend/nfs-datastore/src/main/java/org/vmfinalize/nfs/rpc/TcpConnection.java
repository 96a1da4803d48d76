package org.vmfinalize.nfs.rpc;

import java.io.IOException;
import java.net.InetAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vmfinalize.nfs.xdr.XdrWriter;

/// One client's TCP connection: reads and answers its calls.
///
/// All calls that have arrived are answered before anything is sent, so that a burst of small calls costs two system
/// calls for the network. The thread waits at one place only, for the socket: neither a slow client nor a slow call
/// holds it up. At its limits it stops reading until some calls have been answered or some replies have left.
///
/// **Threads:** one at a time runs [#run()], and may pass that on, see [ConnectionThreads]; any other may finish and flush
/// replies of detached calls.
final class TcpConnection implements ReplyPath, Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(TcpConnection.class);
    private static final int CHUNK_BYTES = 256 << 10;
    /// From this size on, finished replies leave although more calls are waiting to be answered.
    private static final int EARLY_FLUSH_BYTES = 128 << 10;
    private static final int LAST_FRAGMENT = Integer.MIN_VALUE;
    private static final long CHECK_MILLIS = 1000;
    /// Nobody wakes this connection up when others have given room back, so it looks by itself.
    private static final long ROOM_CHECK_MILLIS = 20;
    /// What a call that waits takes beside its arguments.
    private static final int CALL_BYTES = 2048;

    /// What all connections of a server share.
    record Common(RpcDispatcher dispatcher, RpcLimits limits, BufferPool pool, FewWarnings warnings,
            ConnectionThreads threads) {}

    /// A step that waits for a device.
    private record Aside(Runnable step, Executor otherwise) {}

    private final SocketChannel channel;
    private final InetAddress client;
    private final RpcDispatcher dispatcher;
    private final RpcLimits limits;
    private final BufferPool pool;
    private final Holdings.Share share;
    private final FewWarnings warnings;
    private final ConnectionThreads threads;
    private final Consumer<TcpConnection> whenEnded;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final RecordReader records;
    private final OutputQueue output;
    private final Selector selector;
    private final SelectionKey key;
    private final AtomicInteger callsInFlight = new AtomicInteger();
    private final AtomicLong bytesInFlight = new AtomicLong();
    /// Set while the thread waits for its limits: then those who answer calls wake it up.
    private volatile boolean atLimit;
    private volatile boolean finishing;
    private volatile boolean closed;
    private long lastArrival = System.nanoTime();
    /// Where replies to calls that are answered at once are gathered. Only used by the connection's thread.
    private XdrWriter gathered;

    /// The thread that runs this connection, unless it is just passed on.
    private volatile @Nullable Thread reader;
    /// What the connection's thread is going to do when it has answered what has arrived. Only used by it.
    private @Nullable Aside aside;

    /// @param whenEnded is run when the connection is closed and nobody reads it any more
    TcpConnection(SocketChannel channel, InetAddress client, Common common, Holdings.Share share,
            Consumer<TcpConnection> whenEnded) throws IOException {
        this.channel = channel;
        this.client = client;
        this.share = share;
        this.whenEnded = whenEnded;
        dispatcher = common.dispatcher();
        limits = common.limits();
        pool = common.pool();
        warnings = common.warnings();
        threads = common.threads();
        records = new RecordReader(limits.recordBytes(), limits.fragmentsPerRecord());
        output = new OutputQueue(channel, pool, share);
        gathered = new XdrWriter(pool.take(CHUNK_BYTES));
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        channel.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, 60);
        channel.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, 15);
        channel.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, 4);
        selector = Selector.open();
        key = channel.register(selector, 0);
    }

    @Override
    public void run() {
        reader = Thread.currentThread();
        Runnable lentTo = null;
        try {
            lentTo = serve();
        } catch (RecordException e) {
            if (warnings.mayWarn()) {
                LOG.warn("client {}: {}; the connection is closed", client, e.getMessage());
            }
        } catch (IOException e) {
            LOG.debug("client {}: the connection broke: {}", client, e.getMessage());
        } finally {
            if (lentTo == null) {
                end();
            }
        }
        if (lentTo != null) {
            try {
                lentTo.run();
            } finally {
                threads.giveBack();
            }
        }
    }

    /// Ends a connection that nobody reads any more.
    void end() {
        Aside left = aside;
        try {
            close();
            if (left != null) {
                left.otherwise.execute(left.step);
            }
        } finally {
            whenEnded.accept(this);
            ended.countDown();
        }
    }

    /// @return what this thread has to do now that another one goes on here; null at the connection's end
    private @Nullable Runnable serve() throws IOException {
        while (!closed) {
            answerReceivedCalls();
            flushGathered();
            Runnable step = takeAside();
            if (step != null) {
                return step;
            }
            if (finishing && callsInFlight.get() == 0 && output.isEmpty()) {
                return null;
            }
            if (mayRead()) {
                int count = channel.read(records.room());
                if (count < 0) {
                    return null;
                }
                if (count > 0) {
                    lastArrival = System.nanoTime();
                    continue;
                }
            }
            await();
        }
        return null;
    }

    /// Does what there is beside reading, or passes the connection on to do it. If something is returned, another thread goes
    /// on with the connection, which this one must not touch any more.
    private @Nullable Runnable takeAside() {
        Aside waits = aside;
        if (waits == null) {
            return null;
        }
        aside = null;
        reader = null;
        boolean alone = callsInFlight.get() == 1 && output.isEmpty() && !records.isInsideRecord();
        if (alone) {
            if (!threads.stay(this, waits.step)) {
                return TcpConnection::nothing;
            }
        } else if (threads.lend(this)) {
            return waits.step;
        }
        reader = Thread.currentThread();
        if (!alone) {
            waits.otherwise.execute(waits.step);
        }
        return null;
    }

    private static void nothing() {
        // The step is over already.
    }

    @Override
    public void runAside(Runnable step, Executor otherwise) {
        if (reader == Thread.currentThread() && aside == null) {
            aside = new Aside(step, otherwise);
        } else {
            otherwise.execute(step);
        }
    }

    private void answerReceivedCalls() throws RecordException {
        while (!isAtLimit()) {
            ByteBuffer record = records.next();
            if (record == null) {
                return;
            }
            dispatcher.dispatch(record, this);
            if (gathered.position() >= EARLY_FLUSH_BYTES) {
                flushGathered();
            }
        }
    }

    private void await() throws IOException {
        boolean limited = isAtLimit();
        atLimit = limited;
        // A call answered between the two looks has not seen the flag, so it did not wake this thread up.
        if (limited && !isAtLimit()) {
            return;
        }
        boolean unsent = !output.isEmpty();
        key.interestOps((mayRead() ? SelectionKey.OP_READ : 0) | (unsent ? SelectionKey.OP_WRITE : 0));
        long pause = unsent || finishing || records.isInsideRecord() ? CHECK_MILLIS : 0;
        selector.select(_ -> {
        }, share.isOver() ? ROOM_CHECK_MILLIS : pause);
        atLimit = false;
        if (unsent) {
            output.drain();
        }
        checkStall();
    }

    private boolean mayRead() {
        return !finishing && !isAtLimit();
    }

    private boolean isAtLimit() {
        return callsInFlight.get() >= limits.callsInFlight() || bytesInFlight.get() >= limits.bytesInFlight()
                || output.bytes() >= limits.unsentBytes() || share.isOver();
    }

    /// At three quarters: what is left is for calls that must not wait.
    @Override
    public boolean isCrowded() {
        return callsInFlight.get() >= limits.callsInFlight() / 4 * 3
                || bytesInFlight.get() >= limits.bytesInFlight() / 4 * 3 || share.isOver();
    }

    private void checkStall() throws IOException {
        long oldest = System.nanoTime() - limits.stall().toNanos();
        if (!output.isEmpty() && output.lastProgress() - oldest < 0) {
            throw new RecordException("replies were not read for " + limits.stall());
        }
        if (mayRead() && records.isInsideRecord() && lastArrival - oldest < 0) {
            throw new RecordException("a call was left half sent for " + limits.stall());
        }
        output.checkUnbroken();
    }

    @Override
    public InetAddress client() {
        return client;
    }

    @Override
    public XdrWriter begin(boolean detached, int maxBytes) {
        if (detached) {
            return begun(new XdrWriter(pool.take(maxBytes)));
        }
        if (gathered.buffer().remaining() < maxBytes) {
            flushGathered();
            if (gathered.buffer().remaining() < maxBytes) {
                pool.give(gathered.buffer());
                gathered = new XdrWriter(pool.take(maxBytes));
            }
        }
        return begun(gathered);
    }

    private static XdrWriter begun(XdrWriter out) {
        out.putInt(0); // the record marker, once the length is known
        return out;
    }

    @Override
    public void finish(XdrWriter out, int start, boolean detached) {
        int marker = start - Integer.BYTES;
        out.patchInt(marker, LAST_FRAGMENT | (out.position() - start));
        if (detached) {
            output.add(out.buffer().flip());
        }
    }

    @Override
    public void cancel(XdrWriter out, int start, boolean detached) {
        if (detached) {
            pool.give(out.buffer());
        } else {
            out.rewindTo(start - Integer.BYTES);
        }
    }

    private void flushGathered() {
        if (gathered.position() > 0) {
            output.add(gathered.buffer().flip());
            gathered = new XdrWriter(pool.take(CHUNK_BYTES));
            output.drain();
        }
    }

    @Override
    public void flush() {
        if (!output.drain()) {
            selector.wakeup();
        }
    }

    @Override
    public void callDetached(int bytes) {
        callsInFlight.incrementAndGet();
        bytesInFlight.addAndGet(bytes);
        share.add(bytes + CALL_BYTES);
    }

    @Override
    public void callAnswered(int bytes) {
        bytesInFlight.addAndGet(-bytes);
        share.add(-bytes - CALL_BYTES);
        int left = callsInFlight.decrementAndGet();
        if (atLimit || (finishing && left == 0)) {
            selector.wakeup();
        }
    }

    /// Lets the connection end once all calls that have arrived are answered and the answers are sent.
    void finish() {
        finishing = true;
        selector.wakeup();
    }

    /// Waits until nobody reads the connection any more, at most until `end` in [System#nanoTime()].
    void awaitEnd(long end) throws InterruptedException {
        var _ = ended.await(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    /// Ends the connection now. Calls in flight go on; their answers go nowhere.
    void close() {
        closed = true;
        output.close();
        try (selector) {
            channel.close();
        } catch (IOException e) {
            LOG.debug("client {}: closing the connection failed: {}", client, e.getMessage());
        }
    }
}
