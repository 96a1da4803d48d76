package org.vmfinalize.formats.chain;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Iterator;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.Extent;

/// The tables of an image's file, read in pages of 4 KiB as they are needed and kept in a bounded cache.
///
/// Whole tables are never loaded: they may have 128 MiB, whatever of them is needed. Pages that lie in a hole of the file
/// are not read where the place tells of it: a small file can have gigabytes of such tables.
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
    private final long[] zeros;

    /// What the place has told of the file last; it is asked only where a page of zeros was read.
    private volatile Extent told = new Extent(new ByteRange(0, 1), Extent.Kind.UNKNOWN);

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
        this.zeros = new long[PAGE_BYTES / entryBytes];
    }

    /// The entry at `offset` of the file, which lies in it.
    public long entryAt(long offset) throws IOException {
        return pageOf(offset)[slotOf(offset)];
    }

    /// The entries of the page in which `offset` lies; fewer than a page's if the file ends in it.
    long[] pageOf(long offset) throws IOException {
        var key = new Key(source, offset & -PAGE_BYTES);
        Extent known = told;
        if (known.kind() == Extent.Kind.ZERO && holds(known, key.offset())) {
            return zeros;
        }
        long[] page = cache.get(key);
        if (page == null) {
            page = read(key.offset());
            cache.put(key, page, page.length * Long.BYTES);
            if (page.length == zeros.length && Arrays.equals(page, zeros) && !holds(known, key.offset())) {
                ask(key.offset());
            }
        }
        return page;
    }

    private static boolean holds(Extent extent, long page) {
        return extent.range().start() <= page && page + PAGE_BYTES <= extent.range().end();
    }

    private void ask(long page) throws IOException {
        Iterator<Extent> extents = file.extents(new ByteRange(page, file.size()));
        if (extents.hasNext()) {
            told = extents.next();
        }
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
