package org.vmfinalize.formats.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.Optional;
import org.vmfinalize.backup.BackupDisk;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.DiskImage;
import org.vmfinalize.backup.Extent;

/// A disk under the name that it has in its backup.
///
/// @param image what others know it as
public record NamedDisk(String name, BackupDisk disk, Optional<DiskImage> image) implements BackupDisk {

    @Override
    public long size() {
        return disk.size();
    }

    @Override
    public void read(ByteBuffer target, long position) throws IOException {
        disk.read(target, position);
    }

    @Override
    public Iterator<Extent> extents(ByteRange range) throws IOException {
        return disk.extents(range);
    }

    @Override
    public Iterator<Extent> readOrder() throws IOException {
        return disk.readOrder();
    }

    @Override
    public int bestReadSize() {
        return disk.bestReadSize();
    }
}
