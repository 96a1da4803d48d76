package org.vmfinalize.formats.chain;

import org.vmfinalize.backup.BackupFile;

/// A file that has bytes of a disk, and how they lie in it.
///
/// @param file the file
/// @param number its place among the files of the chain; files are best read one after the other, in this order
/// @param diskStart the byte of the disk from which its blocks are counted
/// @param blockSize what it maps, and compresses, at once: bytes, a power of two
/// @param holdsWhatWasWritten whether it has room only for what was written, so that what it has is taken for data where
///     the place cannot tell of holes
/// @param compression how its compressed blocks are stored; never asked if it has none
public record Source(BackupFile file, int number, long diskStart, int blockSize, boolean holdsWhatWasWritten,
        Compression compression) {

    /// A file whose bytes are the disk's, from its own start or from another place.
    ///
    /// @param blockSize the block that readers reckon with, since such a file has none
    public static Source plain(BackupFile file, int number, int blockSize) {
        return new Source(file, number, 0, blockSize, false, Compression.NONE);
    }

    /// Where on the disk the block begins in which `position` lies.
    public long blockStart(long position) {
        return position - ((position - diskStart) & (blockSize - 1));
    }
}
