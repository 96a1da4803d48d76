package org.vmfinalize.formats.qcow2;

import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.Extent;

/// An extent together with where its bytes are.
///
/// @param depth the depth of the layer whose file has them
/// @param host where they are in that file; of no meaning for zeros
record Piece(Extent extent, int depth, long host) {

    Piece(long start, long end, Extent.Kind kind, int depth, long host) {
        this(new Extent(new ByteRange(start, end), kind), depth, host);
    }
}
