package org.vmfinalize.lab.guest;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A flat file in a folder of this machine, which stands for a datastore that is not the product's.
final class LocalDisk implements GuestDisk {

    private final FileChannel file;
    private final long size;

    private LocalDisk(FileChannel file, long size) {
        this.file = file;
        this.size = size;
    }

    /// Makes one that is all zeros, and of which nothing is stored.
    ///
    /// @throws IOException if there is such a file
    static LocalDisk create(Path path, long size) throws IOException {
        var file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE,
                StandardOpenOption.CREATE_NEW);
        file.truncate(0);
        if (size > 0) {
            file.write(ByteBuffer.allocate(1), size - 1);
        }
        return new LocalDisk(file, size);
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void read(ByteBuffer target, long position) throws IOException {
        for (long at = position; target.hasRemaining();) {
            int length = file.read(target, at);
            if (length < 0) {
                throw new EOFException("the disk ends at %d".formatted(at));
            }
            at += length;
        }
    }

    @Override
    public void write(byte[] content, long position, boolean stable, Runnable whenAcknowledged)
            throws IOException {
        var source = ByteBuffer.wrap(content);
        for (long at = position; source.hasRemaining();) {
            at += file.write(source, at);
        }
        if (stable) {
            file.force(false);
        }
        whenAcknowledged.run();
    }

    @Override
    public void commit() throws IOException {
        file.force(false);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
