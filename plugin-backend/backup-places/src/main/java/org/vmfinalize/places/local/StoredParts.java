package org.vmfinalize.places.local;

import java.io.EOFException;
import java.io.IOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.Extent;

/// The stored parts and the holes of a range of a file, looked up one by one.
///
/// Where the file system cannot tell, the rest of the range is one unknown extent.
final class StoredParts implements Iterator<Extent> {

    private static final Logger log = LoggerFactory.getLogger(StoredParts.class);

    private final Descriptor descriptor;
    private final long end;
    private long position;

    StoredParts(Descriptor descriptor, ByteRange range) {
        this.descriptor = descriptor;
        this.position = range.start();
        this.end = range.end();
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
        Extent extent = at(position);
        position = extent.range().end();
        return extent;
    }

    private Extent at(long start) {
        try {
            long data = descriptor.nextData(start, end);
            if (data > start && descriptor.size() < end) {
                // Behind the end of a file that was cut there is nothing to be found either, and that is no zeros.
                throw new EOFException("the file must have %d bytes but was cut".formatted(end));
            }
            return data > start
                    ? upTo(Math.min(data, end), Extent.Kind.ZERO)
                    : upTo(Math.min(descriptor.nextHole(start, end), end), Extent.Kind.DATA);
        } catch (IOException e) {
            log.debug("holes of a backup's file cannot be told, so all of it is read", e);
            return upTo(end, Extent.Kind.UNKNOWN);
        }
    }

    private Extent upTo(long extentEnd, Extent.Kind kind) {
        return new Extent(new ByteRange(position, extentEnd), kind);
    }
}
