package org.vmfinalize.formats.file;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import org.vmfinalize.backup.Backup;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.Extent;

/// A part of a file that is a file itself, such as one that lies in an archive.
///
/// Leases go to the whole file. Closing it does nothing: whoever has the whole file closes that.
///
/// @param name its own name
/// @param range where it lies in `whole`, which is at least that long
/// @param neighbours what it may refer to
public record FileWindow(BackupFile whole, String name, ByteRange range, Neighbours neighbours)
        implements
            BackupFile {

    /// The files that lie beside a part.
    @FunctionalInterface
    public interface Neighbours {
        /// As [BackupFile#sibling(String)].
        BackupFile open(BackupFile referrer, String reference) throws IOException;
    }

    @Override
    public String location() {
        return whole.location() + "!/" + name;
    }

    @Override
    public long size() {
        return range.length();
    }

    @Override
    public String identity() {
        return "%s+%d".formatted(whole.identity(), range.start());
    }

    @Override
    public void read(ByteBuffer target, long position) throws IOException {
        if (position < 0 || position > size() - target.remaining()) {
            throw new EOFException("%s: must have %d bytes at %d but has only %d".formatted(location(),
                    target.remaining(), position, size()));
        }
        whole.read(target, range.start() + position);
    }

    @Override
    public Iterator<Extent> extents(ByteRange wanted) throws IOException {
        Iterator<Extent> extents = whole.extents(shifted(wanted, range.start()).within(range));
        return new Iterator<>() {

            @Override
            public boolean hasNext() {
                return extents.hasNext();
            }

            @Override
            public Extent next() {
                Extent extent = extents.next();
                return new Extent(shifted(extent.range(), -range.start()), extent.kind());
            }
        };
    }

    private static ByteRange shifted(ByteRange range, long by) {
        return new ByteRange(range.start() + by, range.end() + by);
    }

    @Override
    public BackupFile sibling(String reference) throws IOException {
        return neighbours.open(this, reference);
    }

    @Override
    public void hold(Backup.Holder holder) throws IOException {
        whole.hold(holder);
    }

    @Override
    public void release(String holderId) throws IOException {
        whole.release(holderId);
    }

    @Override
    public void close() {
        // The whole is closed by its owner.
    }
}
