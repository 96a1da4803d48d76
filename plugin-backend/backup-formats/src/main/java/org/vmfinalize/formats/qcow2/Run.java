package org.vmfinalize.formats.qcow2;

import java.util.Optional;
import org.vmfinalize.backup.ByteRange;

/// A run of a disk's bytes that are in one place.
///
/// @param start its first byte on the disk
/// @param end the byte behind its last one
/// @param kind where the bytes are
/// @param layer the layer that says so
/// @param host if stored, where the byte at `start` is in the layer's file; if compressed, where the cluster's data begin
/// @param hostLength if compressed, how many bytes of the file the cluster's data have at most; else 0
record Run(long start, long end, Kind kind, Layer layer, long host, int hostLength) {

    enum Kind {
        /// In the layer below; zeros if there is none.
        BELOW,
        /// Nowhere: they are zeros.
        ZERO,
        /// In the layer's file, as they are, one after the other.
        STORED,
        /// In the layer's file, compressed. Such a run lies in one cluster.
        COMPRESSED
    }

    static Run nowhere(long start, long end, Kind kind, Layer layer) {
        return new Run(start, end, kind, layer, 0, 0);
    }

    static Run stored(long start, long end, Layer layer, long host) {
        return new Run(start, end, Kind.STORED, layer, host, 0);
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
        return new Run(position, Math.min(end, limit), kind, layer, host + shift, hostLength);
    }

    /// This run and the one that follows as one, if their bytes follow one another where they are stored, too.
    Optional<Run> joined(Run next) {
        boolean follows = kind == next.kind && switch (kind) {
            case ZERO -> true;
            case BELOW -> layer.depth() == next.layer.depth();
            case STORED -> layer.depth() == next.layer.depth() && next.host == host + length();
            case COMPRESSED -> false;
        };
        return follows ? Optional.of(new Run(start, next.end, kind, layer, host, 0)) : Optional.empty();
    }
}
