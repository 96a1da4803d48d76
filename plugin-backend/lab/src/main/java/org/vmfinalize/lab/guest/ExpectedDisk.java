package org.vmfinalize.lab.guest;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.vmfinalize.lab.backup.ReferenceDisk;

/// The backup's content with a guest's writes laid over it. Reads whole sectors only.
record ExpectedDisk(ReferenceDisk before, WrittenSectors written) implements ReferenceDisk {

    @Override
    public long size() {
        return before.size();
    }

    @Override
    public void read(ByteBuffer target, long position) throws IOException {
        if (position % WrittenSectors.SECTOR_BYTES != 0
                || target.remaining() % WrittenSectors.SECTOR_BYTES != 0) {
            throw new IllegalArgumentException(
                    "expected disk: reads must be whole sectors but was %d bytes at %d"
                            .formatted(target.remaining(), position));
        }
        var content = ByteBuffer.allocate(target.remaining());
        before.read(content, position);
        written.lay(content.array(), position);
        target.put(content.flip());
    }

    @Override
    public String source() {
        return before.source() + " and the guest's own writes";
    }

    @Override
    public void close() {
        // Whoever opened the disk below closes it.
    }
}
