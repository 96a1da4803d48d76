package org.vmfinalize.formats.machine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import org.vmfinalize.backup.BackupDisk;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.Extent;

/// The disk of an image under the name that it has in its machine.
record NamedDisk(String name, BackupDisk disk) implements BackupDisk {

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
