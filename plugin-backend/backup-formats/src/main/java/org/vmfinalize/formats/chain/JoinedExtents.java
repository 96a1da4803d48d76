package org.vmfinalize.formats.chain;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.Extent;

/// The extents of pieces; those of one kind that follow one another on the disk are one.
final class JoinedExtents implements Iterator<Extent> {

    /// Looking for the end of a longer extent would keep the caller waiting.
    private static final long MAX_EXTENT_BYTES = 1L << 30;

    private final Iterator<Piece> pieces;
    private final Effort effort;

    /// Taken from `pieces` but not yet given out.
    private @Nullable Extent ahead;

    /// @param effort what getting at the pieces costs
    JoinedExtents(Iterator<Piece> pieces, Effort effort) {
        this.pieces = pieces;
        this.effort = effort;
    }

    @Override
    public boolean hasNext() {
        effort.begin();
        return ahead != null || pieces.hasNext();
    }

    @Override
    public Extent next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        Extent extent = ahead == null ? pieces.next().extent() : ahead;
        ahead = null;
        while (!effort.isSpent() && pieces.hasNext() && extent.range().length() < MAX_EXTENT_BYTES) {
            Extent following = pieces.next().extent();
            if (following.range().start() != extent.range().end() || following.kind() != extent.kind()) {
                ahead = following;
                break;
            }
            extent = new Extent(new ByteRange(extent.range().start(), following.range().end()),
                    extent.kind());
        }
        return extent;
    }
}
