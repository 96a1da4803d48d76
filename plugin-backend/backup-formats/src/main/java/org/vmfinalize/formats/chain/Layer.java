package org.vmfinalize.formats.chain;

import java.io.IOException;

/// One image of a chain.
///
/// **Threads:** any number.
public interface Layer {

    /// The virtual size in bytes.
    long size();

    /// The size of its blocks in bytes, a power of two.
    int blockSize();

    /// Where the bytes from `position` are, up to `end` at most. The run is as long as can be told without another look
    /// at the file.
    ///
    /// @param position at least 0 and less than `end`
    /// @param end at most [#size()]
    Run runAt(long position, long end) throws IOException;
}
