package org.vmfinalize.formats.chain;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
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

    /// This piece cut where a part of the disk begins or ends that it does not fill: three pieces at most.
    ///
    /// @param partBytes parts begin at multiples of this
    Iterator<Piece> parts(long partBytes) {
        long start = extent.range().start();
        long end = extent.range().end();
        long firstWhole = Math.ceilDiv(start, partBytes) * partBytes;
        long behindWhole = end / partBytes * partBytes;
        if (firstWhole > behindWhole || (firstWhole == start && behindWhole == end)) {
            return List.of(this).iterator();
        }
        var parts = new ArrayList<Piece>(3);
        addPart(parts, start, firstWhole);
        addPart(parts, firstWhole, behindWhole);
        addPart(parts, behindWhole, end);
        return parts.iterator();
    }

    private void addPart(List<Piece> parts, long from, long to) {
        if (from < to) {
            parts.add(new Piece(from, to, extent.kind(), source, host + from - extent.range().start()));
        }
    }
}
