package org.vmfinalize.places.remote;

import java.io.IOException;
import java.nio.ByteBuffer;

/// Fills a buffer with the bytes at a position of one file.
@FunctionalInterface
public interface Reader {

    /// Fills `target` or throws.
    void read(ByteBuffer target, long position) throws IOException;
}
