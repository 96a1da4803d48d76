package org.vmfinalize.places.cache;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A file of slots of one size.
///
/// **Threads:** any number. An interrupted one closes the channel for all, which is then opened anew.
final class SlotFile implements Closeable {

    private final Path path;
    private final int slotBytes;

    @GuardedBy("this")
    private boolean closed;

    private volatile FileChannel channel;

    SlotFile(Path path, int slotBytes) throws IOException {
        this.path = path;
        this.slotBytes = slotBytes;
        this.channel = open(path);
    }

    private static FileChannel open(Path path) throws IOException {
        return FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ,
                StandardOpenOption.WRITE);
    }

    private FileChannel channel() throws IOException {
        var there = channel;
        return there.isOpen() ? there : reopened();
    }

    private synchronized FileChannel reopened() throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        if (!channel.isOpen()) {
            channel = open(path);
        }
        return channel;
    }

    /// Forgets all slots from `slots` on.
    void cut(int slots) throws IOException {
        long most = (long) slots * slotBytes;
        if (channel().size() > most) {
            channel().truncate(most);
        }
    }

    /// How many slots have been written as a whole.
    int slots() throws IOException {
        return Math.toIntExact(channel().size() / slotBytes);
    }

    /// The first `count` bytes of a slot.
    ///
    /// @throws EOFException if they were never written
    ByteBuffer read(int slot, int count) throws IOException {
        var bytes = ByteBuffer.allocate(count);
        long start = (long) slot * slotBytes;
        while (bytes.hasRemaining()) {
            if (channel().read(bytes, start + bytes.position()) < 0) {
                throw new EOFException("%s: slot %d ends after %d bytes".formatted(path, slot,
                        bytes.position()));
            }
        }
        return bytes.flip();
    }

    /// Writes the start of a slot.
    void write(int slot, ByteBuffer bytes) throws IOException {
        long start = (long) slot * slotBytes;
        int from = bytes.position();
        while (bytes.hasRemaining()) {
            channel().write(bytes, start + bytes.position() - from);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        channel.close();
    }
}
