package org.vmfinalize.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/// An open file of a [Volume], read and written by position.
///
/// **Threads:** any number. A thread must not be interrupted while it is in a method: that would close the file.
public interface VolumeFile extends Closeable {

    /// The length in bytes.
    long size() throws IOException;

    /// Fills `target` with the bytes at `position`.
    ///
    /// @throws java.io.EOFException if the file ends before `target` is full
    void read(ByteBuffer target, long position) throws IOException;

    /// Writes all of `source` at `position`; on failure any part of it may have been written.
    void write(ByteBuffer source, long position) throws IOException;

    /// Makes everything written so far durable. After a failure nothing is known of what was written before.
    void force() throws IOException;

    /// Has later reads see what is stored, and what is still to be stored, but nothing that the system believes to be stored
    /// since a force of an earlier process has failed. It does nothing where the system cannot.
    default void dropCached() {}

    /// Has the system begin to store what was written to a range, so that a later [#force()] waits less. It promises
    /// nothing, and does nothing where the system cannot.
    default void beginStoring(long position, long length) {}

    /// Waits until a range is stored and has the system forget what it has of it in memory, to make room for what is read again.
    /// It promises nothing, and does nothing where the system cannot.
    default void storeAndForget(long position, long length) {}

    /// Makes the file `length` bytes long; what is added reads as zeros and takes no space.
    void setLength(long length) throws IOException;

    /// Makes a range read as zeros.
    ///
    /// @param keepSpace whether space that the range has stays reserved; if not, it is given back where possible
    void zero(long position, long length, boolean keepSpace) throws IOException;

    /// Reserves space for a range without changing what it reads as.
    ///
    /// @return false if the file system cannot do that, and has not
    boolean reserve(long position, long length) throws IOException;

    /// The first byte in `[position, end)` that may be stored rather than a hole; `end` if all is a hole.
    long nextData(long position, long end) throws IOException;

    /// The first byte in `[position, end)` that lies in a hole; `end` if there is none.
    long nextHole(long position, long end) throws IOException;
}
