package org.vmfinalize.formats.machine;

import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.vmfinalize.backup.BackupDisk;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.Extent;

/// A disk that has no image, since nothing was ever written to it.
///
/// @param size in bytes, greater than 0
public record EmptyDisk(String name, long size) implements BackupDisk {

    private static final int BEST_READ_SIZE = 1 << 20;

    @Override
    public void read(ByteBuffer target, long position) {
        if (position < 0 || position > size - target.remaining()) {
            throw new IllegalArgumentException("%s: a read must lie in [0, %d) but was of %d bytes at %d"
                    .formatted(name, size, target.remaining(), position));
        }
        while (target.hasRemaining()) {
            target.put((byte) 0);
        }
    }

    @Override
    public Iterator<Extent> extents(ByteRange range) {
        ByteRange inside = range.within(new ByteRange(0, size));
        return inside.isEmpty()
                ? Collections.emptyIterator()
                : List.of(new Extent(inside, Extent.Kind.ZERO)).iterator();
    }

    @Override
    public Iterator<Extent> readOrder() {
        return Collections.emptyIterator();
    }

    @Override
    public int bestReadSize() {
        return BEST_READ_SIZE;
    }
}
