package org.vmfinalize.formats.qcow2;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.vmfinalize.backup.BackupFile;

/// The L1 and L2 tables of an image's file, read in pages of 4 KiB as they are needed and kept in a bounded cache.
///
/// Whole tables are never loaded: an L1 table may have 32 MiB and an L2 table 2 MiB, whatever of it is needed.
final class TablePages {

    static final int PAGE_BYTES = 4096;

    /// A page of a layer's file.
    record Key(int depth, long offset) {}

    private final BackupFile file;
    private final int depth;
    private final BoundedCache<Key, long[]> cache;

    /// @param cache may be shared by all layers of a chain
    TablePages(BackupFile file, int depth, BoundedCache<Key, long[]> cache) {
        this.file = file;
        this.depth = depth;
        this.cache = cache;
    }

    /// The entry of 8 bytes at `offset`, a multiple of 8 that lies in the file.
    long entryAt(long offset) throws IOException {
        return pageOf(offset)[slotOf(offset)];
    }

    /// The entries of the page in which `offset` lies; fewer than a page's if the file ends in it.
    long[] pageOf(long offset) throws IOException {
        var key = new Key(depth, offset & -PAGE_BYTES);
        long[] page = cache.get(key);
        if (page == null) {
            page = read(key.offset());
            cache.put(key, page, PAGE_BYTES);
        }
        return page;
    }

    /// The index that the entry at `offset` has in its page.
    static int slotOf(long offset) {
        return (int) (offset & (PAGE_BYTES - 1)) / Long.BYTES;
    }

    private long[] read(long offset) throws IOException {
        int length = (int) Math.min(PAGE_BYTES, file.size() - offset) & -Long.BYTES;
        var bytes = ByteBuffer.allocate(length);
        file.read(bytes, offset);
        var entries = new long[length / Long.BYTES];
        bytes.flip().asLongBuffer().get(entries);
        return entries;
    }
}
