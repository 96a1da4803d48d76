package org.vmfinalize.formats.chain;

import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.Extent;

/// An extent together with where its bytes are.
///
/// @param source the [Source#number()] of the file that has them
/// @param host where they are in that file; of no meaning for zeros
record Piece(Extent extent, int source, long host) {

    Piece(long start, long end, Extent.Kind kind, int source, long host) {
        this(new Extent(new ByteRange(start, end), kind), source, host);
    }
}
