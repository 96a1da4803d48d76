package org.vmfinalize.formats.raw;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.Spliterators;
import java.util.stream.StreamSupport;
import org.vmfinalize.backup.BackupDisk;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.Extent;

/// The disk of a raw image: the file's bytes are the disk's, and the file's holes are its zeros.
final class RawDisk implements BackupDisk {

    /// Larger reads gain nothing on local disks or file servers.
    private static final int BEST_READ_SIZE = 1 << 20;

    private final BackupFile file;

    RawDisk(BackupFile file) {
        this.file = file;
    }

    @Override
    public String name() {
        return "disk-0";
    }

    @Override
    public long size() {
        return file.size();
    }

    @Override
    public void read(ByteBuffer target, long position) throws IOException {
        if (position < 0 || position > size() - target.remaining()) {
            throw new IllegalArgumentException("%s: a read must lie in [0, %d) but was of %d bytes at %d"
                    .formatted(file.location(), size(), target.remaining(), position));
        }
        file.read(target, position);
    }

    @Override
    public Iterator<Extent> extents(ByteRange range) throws IOException {
        return file.extents(range.within(new ByteRange(0, size())));
    }

    @Override
    public Iterator<Extent> readOrder() throws IOException {
        Iterator<Extent> all = extents(new ByteRange(0, size()));
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(all, 0), false)
                .filter(extent -> extent.kind() != Extent.Kind.ZERO).iterator();
    }

    @Override
    public int bestReadSize() {
        return BEST_READ_SIZE;
    }
}
