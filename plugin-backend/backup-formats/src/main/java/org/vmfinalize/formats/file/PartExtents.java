package org.vmfinalize.formats.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.Extent;

/// The extents of a file that is made of parts, looked up part by part as they are asked for.
public final class PartExtents implements Iterator<Extent> {

    /// Where the parts are.
    @FunctionalInterface
    public interface Parts {
        /// The extents from `position` to the end of the part in which it lies, or to `end`; at least one.
        Iterator<Extent> from(long position, long end) throws IOException;
    }

    private final Parts parts;
    private final long end;
    private long position;
    private Iterator<Extent> current = Collections.emptyIterator();

    public PartExtents(ByteRange range, Parts parts) {
        this.parts = parts;
        this.position = range.start();
        this.end = range.end();
    }

    /// Extents that lie elsewhere than they say.
    ///
    /// @param by how many bytes further they lie; may be negative
    public static Iterator<Extent> shifted(Iterator<Extent> extents, long by) {
        return new Iterator<>() {

            @Override
            public boolean hasNext() {
                return extents.hasNext();
            }

            @Override
            public Extent next() {
                Extent extent = extents.next();
                return new Extent(new ByteRange(extent.range().start() + by, extent.range().end() + by),
                        extent.kind());
            }
        };
    }

    @Override
    public boolean hasNext() {
        return position < end;
    }

    @Override
    public Extent next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        try {
            if (!current.hasNext()) {
                current = parts.from(position, end);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Extent extent = current.next();
        position = extent.range().end();
        return extent;
    }
}
