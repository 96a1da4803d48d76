package org.vmfinalize.formats.chain;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.vmfinalize.backup.Extent;

/// The pieces that are not zeros, in the order in which they lie in their files, from window to window.
///
/// A window is so many pieces as can be sorted in a few MiB of memory. An image that was written in one go has few and
/// long pieces, so that one window spans it; of a scattered one each window is in order.
final class FileOrder implements Iterator<Piece> {

    private static final int WINDOW_PIECES = 1 << 15;

    private static final Comparator<Piece> BY_PLACE = Comparator.comparingInt(Piece::source)
            .thenComparingLong(Piece::host);

    private final Iterator<Piece> pieces;
    private Iterator<Piece> window = Collections.emptyIterator();

    FileOrder(Iterator<Piece> pieces) {
        this.pieces = pieces;
    }

    @Override
    public boolean hasNext() {
        if (!window.hasNext()) {
            window = nextWindow();
        }
        return window.hasNext();
    }

    @Override
    public Piece next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return window.next();
    }

    private Iterator<Piece> nextWindow() {
        List<Piece> next = new ArrayList<>();
        while (next.size() < WINDOW_PIECES && pieces.hasNext()) {
            Piece piece = pieces.next();
            if (piece.extent().kind() != Extent.Kind.ZERO) {
                next.add(piece);
            }
        }
        next.sort(BY_PLACE);
        return next.iterator();
    }
}
