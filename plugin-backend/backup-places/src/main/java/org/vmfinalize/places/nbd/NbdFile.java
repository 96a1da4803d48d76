package org.vmfinalize.places.nbd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.backup.Backup;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.Extent;
import org.vmfinalize.places.remote.PassingException;
import org.vmfinalize.places.remote.RemoteFile;

/// An export of an NBD server, read over several connections where the server says that those see the same bytes.
///
/// A connection that is lost is made anew by the next read that needs it. The protocol knows no version of an export: its
/// size and three samples must be the same, which finds most exchanges, not all.
final class NbdFile implements RemoteFile {

    /// More connections than this gain nothing that many requests on each do not.
    private static final int MAX_CONNECTIONS = 4;
    private static final int SAMPLE_BYTES = 64 << 10;
    private static final int STATUS_BYTES = 1 << 30;

    private final NbdAddress address;
    private final Connector connector;
    private final Openings openings;
    private final NbdExport export;
    private final String identity;
    private final String opening;
    private final List<Line> lines = new ArrayList<>();
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicBoolean left = new AtomicBoolean();
    private volatile boolean closed;

    private NbdFile(NbdAddress address, Connector connector, Openings openings, Transmission first)
            throws IOException {
        this.openings = openings;
        this.address = address;
        this.connector = connector;
        this.export = first.export();
        this.identity = identityOf(first);
        int count = export.takesSeveralConnections() ? MAX_CONNECTIONS : 1;
        for (int i = 0; i < count; i++) {
            lines.add(new Line(i == 0 ? first : null));
        }
        this.opening = openings.enter(location() + identity);
    }

    /// @param openings shared by all files of the server
    static NbdFile open(NbdAddress address, Connector connector, Openings openings) throws IOException {
        var first = connector.open(address);
        try {
            return new NbdFile(address, connector, openings, first);
        } catch (IOException | RuntimeException e) {
            first.close();
            throw e;
        }
    }

    @Override
    public String location() {
        return address.toString();
    }

    @Override
    public String path() {
        return address.export();
    }

    @Override
    public long size() {
        return export.size();
    }

    @Override
    public String identity() {
        return identity;
    }

    /// See [Openings].
    @Override
    public String contentKey() {
        return opening;
    }

    private static String identityOf(Transmission connection) throws IOException {
        try {
            long size = connection.export().size();
            var digest = MessageDigest.getInstance("SHA-256");
            int sample = Math.clamp(size, 1, SAMPLE_BYTES);
            for (long position : new long[]{0, (size - sample) / 2, size - sample}) {
                byte[] bytes = new byte[sample];
                read(connection, ByteBuffer.wrap(bytes), position);
                digest.update(bytes);
            }
            return "nbd-%d-%s".formatted(size, HexFormat.of().formatHex(digest.digest(), 0, 16));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void read(ByteBuffer target, long position) throws IOException {
        read(connection(), target, position);
    }

    private static void read(Transmission connection, ByteBuffer target, long position) throws IOException {
        NbdExport export = connection.export();
        long at = position;
        while (target.hasRemaining()) {
            long start = at / export.minBlock() * export.minBlock();
            int before = (int) (at - start);
            long wanted = Math.min((long) before + target.remaining(), export.maxBlock());
            long end = Math.min(export.size(), roundUp(start + wanted, export.minBlock()));
            byte[] bytes = connection.read(start, (int) (end - start));
            int count = Math.min(target.remaining(), bytes.length - before);
            target.put(bytes, before, count);
            at += count;
        }
    }

    private static long roundUp(long value, int unit) {
        return (value + unit - 1) / unit * unit;
    }

    @Override
    public List<Extent> extentsAt(ByteRange range) throws IOException {
        if (export.allocation().isEmpty()) {
            return List.of(new Extent(range, Extent.Kind.UNKNOWN));
        }
        long start = range.start() / export.minBlock() * export.minBlock();
        long end = Math.min(export.size(), roundUp(Math.min(range.end(), start + STATUS_BYTES),
                export.minBlock()));
        var extents = new ArrayList<Extent>();
        for (var extent : connection().status(start, (int) (end - start))) {
            if (extent.range().end() > range.start()) {
                extents.add(extent);
            }
        }
        return extents;
    }

    private Transmission connection() throws IOException {
        return lines.get(Math.floorMod(next.getAndIncrement(), lines.size())).connected();
    }

    @Override
    public RemoteFile open(String path) throws IOException {
        return open(address.withExport(path), connector, openings);
    }

    @Override
    public void hold(Backup.Holder holder) throws IOException {
        throw new IOException(
                "%s: an NBD server takes no mark that a backup is in use; see to it that the export stays"
                        .formatted(address));
    }

    @Override
    public void release(String holderId) {
        // No mark was left.
    }

    @Override
    public void close() {
        closed = true;
        if (left.compareAndSet(false, true)) {
            openings.leave(location() + identity);
        }
        for (var line : lines) {
            line.hangUp();
        }
    }

    /// A connection that is made when it is needed.
    private final class Line {

        private final ReentrantLock lock = new ReentrantLock();
        private volatile @Nullable Transmission connection;

        Line(@Nullable Transmission connection) {
            this.connection = connection;
        }

        Transmission connected() throws IOException {
            var there = connection;
            if (there != null && !there.isBroken()) {
                return there;
            }
            lock.lock();
            try {
                var meanwhile = connection;
                if (meanwhile != null && !meanwhile.isBroken()) {
                    return meanwhile;
                }
                return connect();
            } finally {
                lock.unlock();
            }
        }

        private Transmission connect() throws IOException {
            if (closed) {
                throw new java.nio.channels.ClosedChannelException();
            }
            var fresh = connector.open(address);
            if (fresh.export().size() != export.size()) {
                fresh.close();
                throw new IOException(
                        "the backup has been changed: the export must have %d bytes, as at first, but has %d; put the right one back"
                                .formatted(export.size(), fresh.export().size()));
            }
            connection = fresh;
            if (closed) {
                fresh.close();
                throw new PassingException("it was closed meanwhile");
            }
            return fresh;
        }

        void hangUp() {
            var there = connection;
            if (there != null) {
                there.close();
            }
        }
    }
}
