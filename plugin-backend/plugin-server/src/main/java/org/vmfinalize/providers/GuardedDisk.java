package org.vmfinalize.providers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.Objects;
import java.util.Optional;
import org.vmfinalize.backup.BackupDisk;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.DiskImage;
import org.vmfinalize.backup.Extent;

/// A disk that a bundle reads, seen through a [Guard].
///
/// **Threads:** any number.
final class GuardedDisk implements BackupDisk {

    private final Guard guard;
    private final BackupDisk disk;
    private final String name;
    private final long size;
    private final int bestReadSize;
    private final Optional<DiskImage> image;

    private GuardedDisk(Guard guard, BackupDisk disk) throws IOException {
        this.guard = guard;
        this.disk = disk;
        this.name = guard.call(() -> String.valueOf(disk.name()));
        this.size = guard.call(disk::size);
        this.bestReadSize = guard.call(disk::bestReadSize);
        this.image = guard.call(() -> Objects.requireNonNull(disk.image(), "its image is null"));
    }

    static GuardedDisk of(Guard guard, BackupDisk disk) throws IOException {
        var guarded = new GuardedDisk(guard, disk);
        if (guarded.size <= 0) {
            throw guard.broken("must give a disk 1 byte or more but gave '%s' %d".formatted(guarded.name,
                    guarded.size));
        }
        if (guarded.bestReadSize < 4096 || Integer.bitCount(guarded.bestReadSize) != 1) {
            throw guard.broken("must give a best size of read that is a power of two from 4096 but gave %d"
                    .formatted(guarded.bestReadSize));
        }
        return guarded;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public int bestReadSize() {
        return bestReadSize;
    }

    @Override
    public Optional<DiskImage> image() {
        return image;
    }

    @Override
    public void read(ByteBuffer target, long position) throws IOException {
        if (position < 0 || target.remaining() > size - position) {
            throw new IllegalArgumentException("disk %s: a read must lie in its %d bytes but was %d at %d"
                    .formatted(name, size, target.remaining(), position));
        }
        // Its own view: what a bundle does to position and limit is its own affair.
        var view = target.duplicate();
        guard.run(() -> disk.read(view, position));
        if (view.position() != target.limit()) {
            throw guard.broken("must fill a read of %d bytes at %d but filled %d".formatted(
                    target.remaining(), position, view.position() - target.position()));
        }
        target.position(target.limit());
    }

    @Override
    public Iterator<Extent> extents(ByteRange range) throws IOException {
        return new GuardedExtents(inTime(() -> disk.extents(range)), range, true);
    }

    @Override
    public Iterator<Extent> readOrder() throws IOException {
        return new GuardedExtents(inTime(disk::readOrder), new ByteRange(0, size), false);
    }

    private Iterator<Extent> inTime(Guard.Call<Iterator<Extent>> walk) throws IOException {
        return guard.isBuiltIn()
                ? guard.call(walk)
                : new ExtentsInTime(guard, guard.callInTime("asking for extents", walk));
    }

    /// Extents that must lie in a range, and may have to follow each other.
    private final class GuardedExtents implements Iterator<Extent> {

        private final Iterator<Extent> own;
        private final ByteRange range;
        private final boolean ordered;
        private long position;

        GuardedExtents(Iterator<Extent> own, ByteRange range, boolean ordered) {
            this.own = own;
            this.range = range;
            this.ordered = ordered;
            this.position = range.start();
        }

        @Override
        public boolean hasNext() {
            boolean more = unchecked(() -> own.hasNext());
            if (ordered && !more && position < range.end()) {
                throw new UncheckedIOException(guard.broken("must tell what lies in %s but ended at %d"
                        .formatted(range, position)));
            }
            return more;
        }

        @Override
        public Extent next() {
            return unchecked(() -> {
                Extent extent = own.next();
                boolean follows = !ordered || extent.range().start() == position;
                if (extent.range().isEmpty() || !range.contains(extent.range()) || !follows) {
                    throw guard.broken("must tell what lies in %s, without gaps, but after %d told of %s"
                            .formatted(range, position, extent.range()));
                }
                position = extent.range().end();
                return extent;
            });
        }

        private <T> T unchecked(Guard.Call<T> call) {
            try {
                return guard.call(call);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
