package org.vmfinalize.lab.guest;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/// A disk as a virtual machine sees it.
///
/// **Threads:** any number, as long as no two use overlapping ranges.
interface GuestDisk extends Closeable {

    /// In bytes.
    long size();

    void read(ByteBuffer target, long position) throws IOException;

    /// Writes `content` and calls `whenAcknowledged` before anybody could ask for the range's content again.
    ///
    /// @param stable whether it has to survive a crash when this returns
    void write(byte[] content, long position, boolean stable, Runnable whenAcknowledged) throws IOException;

    /// Returns once all writes that were acknowledged before survive a crash.
    void commit() throws IOException;
}
