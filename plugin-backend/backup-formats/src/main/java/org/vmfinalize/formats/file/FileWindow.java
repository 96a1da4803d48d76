package org.vmfinalize.formats.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.Extent;

/// A part of a file that is a file itself, such as one that lies in an archive.
///
/// @param name its own name
/// @param range where it lies in `file`, which is at least that long
/// @param neighbours what it may refer to
public record FileWindow(BackupFile file, String name, ByteRange range, Neighbours neighbours)
        implements
            FileView {

    /// The files that lie beside a part.
    @FunctionalInterface
    public interface Neighbours {
        /// As [BackupFile#sibling(String)].
        BackupFile open(BackupFile referrer, String reference) throws IOException;
    }

    @Override
    public String location() {
        return file.location() + "!/" + name;
    }

    @Override
    public long size() {
        return range.length();
    }

    @Override
    public String identity() {
        return "%s+%d".formatted(file.identity(), range.start());
    }

    @Override
    public void read(ByteBuffer target, long position) throws IOException {
        FileView.requireInside(this, target, position);
        file.read(target, range.start() + position);
    }

    @Override
    public Iterator<Extent> extents(ByteRange wanted) throws IOException {
        var there = new ByteRange(wanted.start() + range.start(), wanted.end() + range.start());
        return PartExtents.shifted(file.extents(there.within(range)), -range.start());
    }

    @Override
    public BackupFile sibling(String reference) throws IOException {
        return neighbours.open(this, reference);
    }
}
