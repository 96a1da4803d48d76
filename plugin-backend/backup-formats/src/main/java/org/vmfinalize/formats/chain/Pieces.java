package org.vmfinalize.formats.chain;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.Extent;

/// What lies in a range of a chain, in the order of the disk.
///
/// Of blocks that an image has, its file may be a hole all the same, as after a preallocation: those are zeros, too.
final class Pieces implements Iterator<Piece> {

    private final RunCursor runs;
    private Iterator<Piece> current = Collections.emptyIterator();

    Pieces(Chain chain, ByteRange range) {
        this.runs = new RunCursor(chain, range);
    }

    /// What looking the pieces up costs.
    Effort effort() {
        return runs.effort();
    }

    @Override
    public boolean hasNext() {
        return current.hasNext() || runs.hasNext();
    }

    @Override
    public Piece next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        try {
            // A run has at least one piece.
            if (!current.hasNext()) {
                current = of(runs.next());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return current.next();
    }

    private Iterator<Piece> of(Run run) throws IOException {
        return switch (run.kind()) {
            case STORED -> stored(run);
            case COMPRESSED -> one(run, Extent.Kind.DATA);
            case ZERO, BELOW -> one(run, Extent.Kind.ZERO);
        };
    }

    private static Iterator<Piece> one(Run run, Extent.Kind kind) {
        return Collections
                .singleton(new Piece(run.start(), run.end(), kind, run.source().number(), run.host()))
                .iterator();
    }

    private Iterator<Piece> stored(Run run) throws IOException {
        effort().askedFile();
        Iterator<Extent> parts = run.source().file().extents(run.hostRange());
        return new Iterator<>() {

            @Override
            public boolean hasNext() {
                return parts.hasNext();
            }

            @Override
            public Piece next() {
                Extent part = parts.next();
                long shift = run.start() - run.host();
                return new Piece(part.range().start() + shift, part.range().end() + shift, kindOf(part, run),
                        run.source().number(), part.range().start());
            }
        };
    }

    private static Extent.Kind kindOf(Extent part, Run run) {
        return part.kind() == Extent.Kind.UNKNOWN && run.source().holdsWhatWasWritten()
                ? Extent.Kind.DATA
                : part.kind();
    }
}
