package org.vmfinalize.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Where a file that is only read has holes.
///
/// **Threads:** any number.
public final class FileHoles implements Closeable {

    private final @Nullable SparseFile file;

    private FileHoles(@Nullable SparseFile file) {
        this.file = file;
    }

    /// Opens a file that exists and can be read. Where the system knows no holes, all of it counts as stored.
    public static FileHoles of(Path file) throws IOException {
        return new FileHoles(SparseFile.openToRead(file));
    }

    /// The first byte in `[position, end)` that may be stored rather than a hole; `end` if all is a hole.
    public long nextData(long position, long end) throws IOException {
        return file == null ? position : file.nextData(position, end);
    }

    @Override
    public void close() {
        if (file != null) {
            file.close();
        }
    }
}
