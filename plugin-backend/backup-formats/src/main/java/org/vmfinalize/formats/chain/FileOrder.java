package org.vmfinalize.formats.chain;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.vmfinalize.backup.Extent;

/// The pieces that are not zeros, in the order in which they lie in their files, from window to window; pieces that are
/// neighbours on the disk and lie close together in their files stay together.
///
/// A window is so many pieces as can be sorted in a few MiB of memory. An image that was written in one go has few and
/// long pieces, so that one window spans it; of a scattered one each window is in order.
///
/// Neighbours stay together since whoever copies the disk reads and writes them in one go then: a program that writes an
/// image with several threads shuffles its blocks a little, and an incremental image has some blocks of each part of the disk.
final class FileOrder implements Iterator<Piece> {

    private static final int WINDOW_PIECES = 1 << 15;

    private static final int SOME_BYTES = 4096;

    /// Reading ahead, of devices and of file servers, spans as much.
    private static final long NEAR_BYTES = 4L << 20;

    private static final Comparator<Group> BY_PLACE = Comparator
            .comparingInt((Group group) -> group.longest.source())
            .thenComparingLong(group -> group.longest.host());

    private final Iterator<Piece> pieces;
    private final Effort effort;
    private final long partBytes;
    private Iterator<Piece> window = Collections.emptyIterator();

    /// What is left of a piece that lies in several parts of the disk.
    private Iterator<Piece> current = Collections.emptyIterator();

    /// @param effort what getting at the pieces costs
    /// @param partBytes neighbours are pieces of one part of the disk, which begins at a multiple of this
    FileOrder(Iterator<Piece> pieces, Effort effort, long partBytes) {
        this.pieces = pieces;
        this.effort = effort;
        this.partBytes = partBytes;
    }

    /// Pieces in the order of the disk.
    private static final class Group {
        private final List<Piece> pieces = new ArrayList<>(1);

        /// The first piece of each file.
        private final List<Piece> firsts = new ArrayList<>(1);
        private final long part;
        private Piece longest;

        Group(Piece first, long part) {
            this.part = part;
            this.longest = first;
            pieces.add(first);
            firsts.add(first);
        }

        /// Takes a piece if it lies close to those of the same file.
        boolean tryAdd(Piece piece, long itsPart) {
            if (itsPart != part) {
                return false;
            }
            var first = firsts.stream().filter(other -> other.source() == piece.source()).findFirst();
            if (first.isEmpty()) {
                firsts.add(piece);
            } else if (Math.abs(first.get().host() - piece.host()) > NEAR_BYTES) {
                return false;
            }
            pieces.add(piece);
            if (piece.extent().range().length() > longest.extent().range().length()) {
                longest = piece;
            }
            return true;
        }
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
        List<Group> groups = new ArrayList<>();
        Group last = null;
        for (int count = 0; count < WINDOW_PIECES && hasPiece(count > 0); count++) {
            Piece piece = current.next();
            long part = piece.extent().range().start() / partBytes;
            if (last == null || !last.tryAdd(piece, part)) {
                last = new Group(piece, part);
                groups.add(last);
            }
        }
        groups.sort(BY_PLACE);
        return groups.stream().flatMap(group -> group.pieces.stream()).iterator();
    }

    /// Whether there is one more.
    ///
    /// @param mayEnd whether the window may end here if finding one costs too much
    private boolean hasPiece(boolean mayEnd) {
        while (!current.hasNext() && !(mayEnd && effort.isSpent()) && pieces.hasNext()) {
            Piece piece = pieces.next();
            if (piece.extent().kind() != Extent.Kind.ZERO) {
                current = piece.parts(partBytes);
            } else if (!mayEnd && effort.isSpent()) {
                // So much of the disk is empty that the caller would wait for long: it gets a little of that to read.
                current = Collections.singleton(beginningOf(piece)).iterator();
            }
        }
        return current.hasNext();
    }

    private static Piece beginningOf(Piece zeros) {
        long start = zeros.extent().range().start();
        long end = Math.min(zeros.extent().range().end(), start + SOME_BYTES);
        return new Piece(start, end, Extent.Kind.UNKNOWN, zeros.source(), zeros.host());
    }
}
