package org.vmfinalize.disk;

import java.io.IOException;
import java.nio.ByteBuffer;

/// Part of a file in memory, which moves on to wherever is read: so a file of any length takes one buffer.
///
/// Not safe for threads.
final class FileWindow {

    /// The most bytes that are had at once, and how much is read at once.
    static final int MAX_SLICE = 1 << 20;

    private final VolumeFile file;
    private final long length;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(MAX_SLICE).limit(0);
    private long start;

    FileWindow(VolumeFile file, long length) {
        this.file = file;
        this.length = length;
    }

    long length() {
        return length;
    }

    /// `count` bytes, at most [#MAX_SLICE], that lie inside the file. They are valid until the next call.
    ByteBuffer slice(long position, int count) throws IOException {
        if (position < start || position + count > start + buffer.limit()) {
            buffer.clear().limit((int) Math.min(MAX_SLICE, length - position));
            start = position;
            file.read(buffer, position);
            buffer.flip();
        }
        return buffer.slice((int) (position - start), count);
    }

    int getInt(long position) throws IOException {
        return slice(position, Integer.BYTES).getInt();
    }

    long getLong(long position) throws IOException {
        return slice(position, Long.BYTES).getLong();
    }
}
