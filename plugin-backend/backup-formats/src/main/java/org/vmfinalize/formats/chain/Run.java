package org.vmfinalize.formats.chain;

import java.util.Optional;
import org.vmfinalize.backup.ByteRange;

/// A run of a disk's bytes that are in one place.
///
/// @param start its first byte on the disk
/// @param end the byte behind its last one
/// @param kind where the bytes are
/// @param source the file that has them, or the one that says that they are nowhere
/// @param host if stored, where the byte at `start` is in the file; if compressed, where the block's data begin
/// @param hostLength if compressed, how many bytes of the file the block's data have at most; else 0
public record Run(long start, long end, Kind kind, Source source, long host, int hostLength) {

    /// Where the bytes of a run are.
    public enum Kind {
        /// In the layer below; zeros if there is none.
        BELOW,
        /// Nowhere: they are zeros.
        ZERO,
        /// In the file, as they are, one after the other.
        STORED,
        /// In the file, compressed. Such a run lies in one block.
        COMPRESSED
    }

    /// A run whose bytes are not in `source`.
    ///
    /// @param kind [Kind#BELOW] or [Kind#ZERO]
    public static Run nowhere(long start, long end, Kind kind, Source source) {
        return new Run(start, end, kind, source, 0, 0);
    }

    public static Run stored(long start, long end, Source source, long host) {
        return new Run(start, end, Kind.STORED, source, host, 0);
    }

    long length() {
        return end - start;
    }

    ByteRange hostRange() {
        return ByteRange.of(host, length());
    }

    /// The part of this run from `position`, which lies in it, up to `limit`.
    Run cut(long position, long limit) {
        long shift = kind == Kind.STORED ? position - start : 0;
        return new Run(position, Math.min(end, limit), kind, source, host + shift, hostLength);
    }

    /// This run and the one that follows as one, if their bytes follow one another where they are stored, too.
    Optional<Run> joined(Run next) {
        boolean follows = kind == next.kind && switch (kind) {
            case ZERO -> true;
            case BELOW -> source.number() == next.source.number();
            case STORED -> source.number() == next.source.number() && next.host == host + length();
            case COMPRESSED -> false;
        };
        return follows ? Optional.of(new Run(start, next.end, kind, source, host, 0)) : Optional.empty();
    }
}
