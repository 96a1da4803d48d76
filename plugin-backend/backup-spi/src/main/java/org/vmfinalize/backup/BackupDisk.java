package org.vmfinalize.backup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.Optional;

/// One disk of a backup: immutable, readable at random, and aware of where it is empty.
///
/// **Threads:** any number may call any method at the same time.
///
/// **Errors:** a read either fills the buffer with the right bytes or throws. [FormatException] means that the data
/// itself is wrong and that trying again is useless; any other [IOException] may pass and is worth a retry.
public interface BackupDisk {

    /// The disk's name within its backup, such as `disk-0`; the same whenever the backup is opened.
    String name();

    /// The virtual size in bytes; greater than 0. It need not be a multiple of 512.
    long size();

    /// Fills `target` from its position to its limit with the bytes at `position`.
    ///
    /// @param position in bytes, from 0; `position + target.remaining()` is at most [#size()]
    /// @throws IllegalArgumentException if the range is not inside the disk
    /// @throws FormatException if the backup's data contradict themselves
    /// @throws IOException if the bytes cannot be had now
    void read(ByteBuffer target, long position) throws IOException;

    /// What lies in `range`, in ascending order, without gaps and without overlap, cut to `range`.
    ///
    /// The iterator holds little memory, whatever the range: it looks the extents up as it goes. It throws
    /// [java.io.UncheckedIOException] when a look-up fails. Extents that touch may be of one kind.
    Iterator<Extent> extents(ByteRange range) throws IOException;

    /// The extents that are not zeros, each once, in the order in which this format is read best: that in which the
    /// bytes lie in the backup, for most. Same iterator rules as [#extents(ByteRange)].
    Iterator<Extent> readOrder() throws IOException;

    /// The size of read, in bytes, from which a larger one gains nothing, such as the cluster of a compressed format.
    /// Readers align to multiples of it where they can. At least 4096, a power of two.
    int bestReadSize();

    /// The image that this disk is, if programs that know nothing of the backup can open it where it lies.
    ///
    /// @since 1.2
    default Optional<DiskImage> image() {
        return Optional.empty();
    }
}
