package org.vmfinalize.disk;

/// In which pieces a disk's file is written.
///
/// Linux keeps what one call writes in folios of the page cache that are as large as the call's data; ext4 does so since Linux
/// 6.16. Each small write into a folio, and each time it is stored, takes a walk over all its blocks. A disk that was written in
/// large pieces is so a slower one for its guest, which writes little at a time, until it leaves the page cache.
public final class WritePieces {

    /// Large enough for sequential writes to be as quick as in one call, small enough for random ones after them.
    static final int BYTES = 128 << 10;

    private WritePieces() {}

    /// How many bytes to write with one call, so that the next piece begins at a multiple of the piece's size.
    ///
    /// @param position in the file, in bytes; not negative
    /// @param left how many bytes there are to write, more than 0
    /// @return from 1 to `left`
    public static int first(long position, int left) {
        return (int) Math.min(left, BYTES - position % BYTES);
    }
}
