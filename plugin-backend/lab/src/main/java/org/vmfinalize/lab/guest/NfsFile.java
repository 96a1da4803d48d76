package org.vmfinalize.lab.guest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.vmfinalize.lab.guest.NfsConnection.ConnectionLostException;

/// A file on a file server that is opened once and stays open when the server restarts.
///
/// When the connection breaks it is opened again, with the same file handle; calls without an answer are sent again.
/// Writes that were acknowledged but not committed are sent again when the server's write verifier has changed, before
/// anything else is asked of the new server (RFC 1813, section 4.8).
///
/// **Threads:** any number, as long as no two use overlapping ranges. Calls hold the gate shared; reconnecting holds
/// it alone, so that no call slips in between the new connection and the writes that are to be sent again.
final class NfsFile implements GuestDisk {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final long RETRY_MILLIS = 100;

    private final NfsAddress address;
    private final byte[] handle;
    private final long size;
    private final int largestRead;
    private final ContentOf acknowledged;

    private final ReentrantReadWriteLock gate = new ReentrantReadWriteLock();

    /// Replaced while the gate is held alone.
    private volatile NfsConnection connection;

    private final Set<Unstable> unstable = new HashSet<>();
    private final AtomicInteger reconnects = new AtomicInteger();
    private final AtomicInteger sentAgain = new AtomicInteger();
    private volatile boolean closed;

    private NfsFile(NfsAddress address, NfsConnection connection, byte[] handle, long size, int largestRead,
            ContentOf acknowledged) {
        this.address = address;
        this.connection = connection;
        this.handle = handle;
        this.size = size;
        this.largestRead = largestRead;
        this.acknowledged = acknowledged;
    }

    /// Tells what was last acknowledged in a range, to send it again.
    interface ContentOf {
        byte[] read(long position, int length);
    }

    /// A write that the server may still lose. Two writes of the same range are two objects.
    private static final class Unstable {
        private final long position;
        private final int length;
        private final long verifier;

        Unstable(long position, int length, long verifier) {
            this.position = position;
            this.length = length;
            this.verifier = verifier;
        }
    }

    /// Mounts `export` and walks `path` from there.
    ///
    /// @param acknowledged is asked, with the gate held, for ranges that were written through this object only
    static NfsFile open(NfsAddress address, String export, List<String> path, ContentOf acknowledged)
            throws IOException {
        byte[] root;
        try (var mount = NfsConnection.open(address.host(), address.mountPort(), NfsProcedures.MOUNT_PROGRAM,
                NfsProcedures.VERSION)) {
            root = NfsProcedures.mount(mount, export);
        }
        var connection = connect(address);
        try {
            var handle = root;
            for (var name : path) {
                handle = NfsProcedures.lookUp(connection, handle, name);
            }
            long size = NfsProcedures.size(connection, handle);
            int largestRead = NfsProcedures.largestRead(connection, root);
            return new NfsFile(address, connection, handle, size, largestRead, acknowledged);
        } catch (IOException e) {
            connection.close();
            throw e;
        }
    }

    private static NfsConnection connect(NfsAddress address) throws IOException {
        return NfsConnection.open(address.host(), address.nfsPort(), NfsProcedures.NFS_PROGRAM,
                NfsProcedures.VERSION);
    }

    @Override
    public long size() {
        return size;
    }

    /// How often the connection was opened again.
    int reconnects() {
        return reconnects.get();
    }

    /// How many acknowledged writes were sent again since a server had lost them or might have.
    int sentAgain() {
        return sentAgain.get();
    }

    @Override
    public void read(ByteBuffer target, long position) throws IOException {
        long at = position;
        while (target.hasRemaining()) {
            var part = target.slice(target.position(), Math.min(target.remaining(), largestRead));
            long start = at;
            call(server -> NfsProcedures.read(server, handle, part.clear(), start));
            target.position(target.position() + part.limit());
            at += part.limit();
        }
    }

    @Override
    public void write(byte[] content, long position, boolean stable, Runnable whenAcknowledged)
            throws IOException {
        call(server -> {
            var written = NfsProcedures.write(server, handle, ByteBuffer.wrap(content), position, stable);
            if (!written.stable()) {
                keep(new Unstable(position, content.length, written.verifier()));
            }
            whenAcknowledged.run();
        });
    }

    @Override
    public void commit() throws IOException {
        call(server -> {
            var before = kept();
            if (before.isEmpty()) {
                return;
            }
            long verifier = NfsProcedures.commit(server, handle);
            if (before.stream().anyMatch(write -> write.verifier != verifier)) {
                // Reconnecting is what sends lost writes again.
                throw new ConnectionLostException("the write verifier changed, so writes may be lost");
            }
            forget(before);
        });
    }

    @Override
    public void close() throws IOException {
        closed = true;
        connection.close();
    }

    private interface Call {
        void on(NfsConnection server) throws IOException;
    }

    private interface Exclusive {
        void run() throws IOException;
    }

    private void call(Call call) throws IOException {
        var givesUp = Instant.now().plus(PATIENCE);
        for (var lost = attempt(call, givesUp); lost.isPresent(); lost = attempt(call, givesUp)) {
            var used = lost.get();
            alone(() -> reconnect(used, givesUp));
        }
    }

    /// Calls once; returns the connection that was lost on the way, if it was.
    private Optional<NfsConnection> attempt(Call call, Instant givesUp) throws IOException {
        gate.readLock().lock();
        try {
            call.on(connection);
            return Optional.empty();
        } catch (ConnectionLostException e) {
            if (closed || Instant.now().isAfter(givesUp)) {
                throw e;
            }
            return Optional.of(connection);
        } finally {
            gate.readLock().unlock();
        }
    }

    private void alone(Exclusive work) throws IOException {
        gate.writeLock().lock();
        try {
            work.run();
        } finally {
            gate.writeLock().unlock();
        }
    }

    /// Replaces a lost connection, unless another thread has done so already.
    private void reconnect(NfsConnection lost, Instant givesUp) throws IOException {
        if (connection != lost) {
            return;
        }
        lost.close();
        while (true) {
            try {
                var next = connect(address);
                try {
                    var before = kept();
                    if (!before.isEmpty()) {
                        long verifier = NfsProcedures.commit(next, handle);
                        sendAgain(next, before.stream().filter(write -> write.verifier != verifier).toList());
                        forget(before);
                    }
                    connection = next;
                    reconnects.incrementAndGet();
                    return;
                } catch (IOException e) {
                    next.close();
                    throw e;
                }
            } catch (NfsStatusException e) {
                throw e;
            } catch (IOException e) {
                if (closed || Instant.now().isAfter(givesUp)) {
                    throw new IOException("file server %s:%d: must come back within %d s but did not"
                            .formatted(address.host(), address.nfsPort(), PATIENCE.toSeconds()), e);
                }
                pause();
            }
        }
    }

    private void sendAgain(NfsConnection server, List<Unstable> writes) throws IOException {
        for (var write : writes) {
            var content = acknowledged.read(write.position, write.length);
            NfsProcedures.write(server, handle, ByteBuffer.wrap(content), write.position, true);
            sentAgain.incrementAndGet();
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(RETRY_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for the file server", e);
        }
    }

    private synchronized void keep(Unstable write) {
        unstable.add(write);
    }

    private synchronized List<Unstable> kept() {
        return List.copyOf(unstable);
    }

    private synchronized void forget(List<Unstable> writes) {
        writes.forEach(unstable::remove);
    }
}
