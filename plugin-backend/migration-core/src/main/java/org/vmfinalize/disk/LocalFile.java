package org.vmfinalize.disk;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A file of this machine.
final class LocalFile implements VolumeFile {

    private static final int ZEROS = 64 * 1024;

    private final Path file;
    private final FileChannel channel;
    private final @Nullable SparseFile sparse;

    LocalFile(Path file, FileChannel channel, @Nullable SparseFile sparse) {
        this.file = file;
        this.channel = channel;
        this.sparse = sparse;
    }

    @Override
    public long size() throws IOException {
        return channel.size();
    }

    @Override
    public void read(ByteBuffer target, long position) throws IOException {
        long at = position;
        while (target.hasRemaining()) {
            int count = channel.read(target, at);
            if (count < 0) {
                throw new EOFException(
                        "%s: must have %d bytes more at %d but ends; it was cut by something else"
                                .formatted(file, target.remaining(), at));
            }
            at += count;
        }
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
        long at = position;
        int end = source.limit();
        try {
            while (source.position() < end) {
                source.limit(source.position() + WritePieces.first(at, end - source.position()));
                at += channel.write(source, at);
            }
        } catch (IOException e) {
            throw LocalVolume.told(file, e);
        } finally {
            source.limit(end);
        }
    }

    @Override
    public void force() throws IOException {
        channel.force(false);
    }

    @Override
    public void dropCached() {
        if (sparse != null) {
            sparse.dropCached();
        }
    }

    @Override
    public void beginStoring(long position, long length) {
        if (sparse != null) {
            sparse.beginStoring(position, length);
        }
    }

    @Override
    public void storeAndForget(long position, long length) {
        if (sparse != null) {
            sparse.storeAndForget(position, length);
        }
    }

    @Override
    public void setLength(long length) throws IOException {
        if (length < channel.size()) {
            channel.truncate(length);
        } else if (length > channel.size()) {
            try {
                var _ = channel.write(ByteBuffer.allocate(1), length - 1);
            } catch (IOException e) {
                throw LocalVolume.told(file, e);
            }
        }
    }

    @Override
    public void zero(long position, long length, boolean keepSpace) throws IOException {
        if (length == 0 || (sparse != null && zeroBySystem(sparse, position, length, keepSpace))) {
            return;
        }
        var zeros = ByteBuffer.allocateDirect((int) Math.min(ZEROS, length));
        for (long at = position; at < position + length;) {
            zeros.clear().limit((int) Math.min(zeros.capacity(), position + length - at));
            int count = zeros.remaining();
            write(zeros, at);
            at += count;
        }
    }

    private static boolean zeroBySystem(SparseFile sparse, long position, long length, boolean keepSpace)
            throws IOException {
        return keepSpace ? sparse.zeroRange(position, length) : sparse.punch(position, length);
    }

    /// Where space cannot be reserved it is not: writing zeros over what others write now would not be safe.
    @Override
    public boolean reserve(long position, long length) throws IOException {
        return sparse != null && sparse.reserve(position, length);
    }

    @Override
    public long nextData(long position, long end) throws IOException {
        return sparse == null ? position : sparse.nextData(position, end);
    }

    @Override
    public long nextHole(long position, long end) throws IOException {
        return sparse == null ? end : sparse.nextHole(position, end);
    }

    @Override
    public void close() throws IOException {
        if (sparse != null) {
            sparse.close();
        }
        channel.close();
    }
}
