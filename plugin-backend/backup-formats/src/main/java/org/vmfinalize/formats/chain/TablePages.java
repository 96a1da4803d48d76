package org.vmfinalize.formats.chain;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.vmfinalize.backup.BackupFile;

/// The tables of an image's file, read in pages of 4 KiB as they are needed and kept in a bounded cache.
///
/// Whole tables are never loaded: they may have 128 MiB, whatever of them is needed.
public final class TablePages {

    private static final int PAGE_BYTES = 4096;

    /// A page of a file.
    ///
    /// @param source the file's [Source#number()]
    /// @param offset where it begins in the file
    public record Key(int source, long offset) {}

    private final BackupFile file;
    private final int source;
    private final int entryBytes;
    private final ByteOrder order;
    private final BoundedCache<Key, long[]> cache;

    /// The tables in `file`.
    ///
    /// @param entryBytes the size of an entry, 4 or 8; entries lie at multiples of it
    /// @param cache may be shared by all files of a chain
    public TablePages(BackupFile file, int source, int entryBytes, ByteOrder order,
            BoundedCache<Key, long[]> cache) {
        this.file = file;
        this.source = source;
        this.entryBytes = entryBytes;
        this.order = order;
        this.cache = cache;
    }

    /// The entry at `offset` of the file, which lies in it.
    public long entryAt(long offset) throws IOException {
        return pageOf(offset)[slotOf(offset)];
    }

    /// The entries of the page in which `offset` lies; fewer than a page's if the file ends in it.
    long[] pageOf(long offset) throws IOException {
        var key = new Key(source, offset & -PAGE_BYTES);
        long[] page = cache.get(key);
        if (page == null) {
            page = read(key.offset());
            cache.put(key, page, page.length * Long.BYTES);
        }
        return page;
    }

    /// The index that the entry at `offset` has in its page.
    int slotOf(long offset) {
        return (int) (offset & (PAGE_BYTES - 1)) / entryBytes;
    }

    int entryBytes() {
        return entryBytes;
    }

    private long[] read(long offset) throws IOException {
        int length = (int) Math.min(PAGE_BYTES, file.size() - offset) & -entryBytes;
        var bytes = ByteBuffer.allocate(length).order(order);
        file.read(bytes, offset);
        var entries = new long[length / entryBytes];
        for (int i = 0; i < entries.length; i++) {
            entries[i] = entryBytes == Long.BYTES
                    ? bytes.getLong(i * Long.BYTES)
                    : Integer.toUnsignedLong(bytes.getInt(i * Integer.BYTES));
        }
        return entries;
    }
}
