package org.example.split;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.vmfinalize.backup.BackupDisk;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.Extent;

/// The parts, one behind the other, as one disk.
///
/// **Threads:** any number, since nothing here changes.
final class SplitDisk implements BackupDisk {

    private static final int BEST_READ_BYTES = 1 << 20;

    private final List<Placed> parts;
    private final long size;

    /// A part, and which bytes of the disk it holds.
    private record Placed(BackupFile file, ByteRange range) {}

    SplitDisk(List<BackupFile> files) {
        var placed = Stream.<Placed>builder();
        long start = 0;
        for (var file : files) {
            placed.add(new Placed(file, ByteRange.of(start, file.size())));
            start += file.size();
        }
        this.parts = placed.build().toList();
        this.size = start;
    }

    @Override
    public String name() {
        return "disk-0";
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void read(ByteBuffer target, long position) throws IOException {
        if (position < 0 || position > size - target.remaining()) {
            throw new IllegalArgumentException(
                    "a read must lie in [0, %d) but was of %d bytes at %d".formatted(
                            size, target.remaining(), position));
        }
        int start = target.position();
        int limit = target.limit();
        var wanted = ByteRange.of(position, target.remaining());
        for (var part : parts) {
            var inside = wanted.within(part.range());
            if (!inside.isEmpty()) {
                target.limit((int) (start + inside.end() - position));
                part.file().read(target, inside.start() - part.range().start());
                target.limit(limit);
            }
        }
    }

    /// Where the place tells of holes in the parts' files, they are holes of the disk.
    @Override
    public Iterator<Extent> extents(ByteRange range) {
        return parts.stream().filter(part -> part.range().overlaps(range))
                .flatMap(part -> extents(part, range))
                .iterator();
    }

    private static Stream<Extent> extents(Placed part, ByteRange range) {
        long start = part.range().start();
        var inside = range.within(part.range());
        try {
            var own = part.file().extents(new ByteRange(inside.start() - start, inside.end() - start));
            Iterable<Extent> all = () -> own;
            return StreamSupport.stream(all.spliterator(), false)
                    .map(extent -> new Extent(new ByteRange(extent
                            .range().start() + start, extent.range().end() + start), extent.kind()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The parts are best read as they lie.
    @Override
    public Iterator<Extent> readOrder() {
        Iterable<Extent> all = () -> extents(new ByteRange(0, size));
        return StreamSupport.stream(all.spliterator(), false)
                .filter(extent -> extent.kind() != Extent.Kind.ZERO).iterator();
    }

    @Override
    public int bestReadSize() {
        return BEST_READ_BYTES;
    }
}
