package org.vmfinalize.lab.backup;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/// What a disk must read as, known from a source that the product has no part in.
///
/// **Threads:** any number may read at the same time.
public interface ReferenceDisk extends Closeable {

    /// The size in bytes, a multiple of 512.
    long size();

    /// Fills `target` with the bytes at `position`; both ends must lie inside the disk.
    void read(ByteBuffer target, long position) throws IOException;

    /// Where the content is known from, for the report, such as `the generator with seed 7`.
    String source();
}
