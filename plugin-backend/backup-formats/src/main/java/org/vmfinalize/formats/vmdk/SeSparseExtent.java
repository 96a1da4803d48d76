package org.vmfinalize.formats.vmdk;

import java.io.IOException;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.formats.chain.Run;
import org.vmfinalize.formats.chain.Source;
import org.vmfinalize.formats.chain.TablePages;
import org.vmfinalize.formats.chain.TwoLevelMap;

/// An extent of an ESXi snapshot on VMFS 6.
///
/// A directory entry is 0 if there is no table, else it has 0x10000000 in its upper half and the index of the table in its
/// lower half. The highest 4 bits of a table entry say what the grain is: 0 nowhere, 1 unmapped and 2 zeros, both of which
/// read as zeros, 3 stored; of the index of a stored grain the bits 0 to 11 are in the bits 48 to 59, and the others,
/// shifted by 12, in the bits 0 to 47.
final class SeSparseExtent extends TwoLevelMap implements VmdkExtent {

    private static final long DIRECTORY_MARK = 0x1000_0000;
    private static final int STORED = 3;

    private final SeSparseHeader header;
    private final TablePages pages;
    private final long fileSize;

    SeSparseExtent(Source source, SeSparseHeader header, TablePages pages) {
        super(source, pages, header.capacity(), SeSparseHeader.TABLE_ENTRIES, 1);
        this.header = header;
        this.pages = pages;
        this.fileSize = source.file().size();
    }

    @Override
    protected long tableOffset(int index) throws IOException {
        long entry = pages.entryAt(header.directory() + (long) index * Long.BYTES);
        if (entry == 0) {
            return 0;
        }
        String which = "directory entry " + index;
        if (entry >>> 32 != DIRECTORY_MARK) {
            throw damaged(which, "must have 0x10000000 in its upper half but was 0x%016x".formatted(entry));
        }
        return checked(which, header.tables(), entry & 0xffff_ffffL, SeSparseHeader.TABLE_BYTES,
                SeSparseHeader.TABLE_BYTES);
    }

    @Override
    protected Run blockRun(long position, long blockEnd, long[] page, int slot) throws FormatException {
        long start = source().blockStart(position);
        long entry = page[slot];
        if (entry == 0) {
            return Run.nowhere(start, blockEnd, Run.Kind.BELOW, source());
        }
        String which = "table entry of the grain at byte %d of the disk".formatted(start);
        int kind = (int) (entry >>> 60);
        if (kind == 0 || kind > STORED) {
            throw damaged(which,
                    "must be 0 or have 1, 2 or 3 in its highest 4 bits but was 0x%016x".formatted(entry));
        }
        if (kind != STORED) {
            return Run.nowhere(start, blockEnd, Run.Kind.ZERO, source());
        }
        long grain = ((entry >>> 48) & 0xfff) | ((entry & 0xffff_ffff_ffffL) << 12);
        return Run.stored(start, blockEnd, source(),
                checked(which, header.grains(), grain, SeSparseHeader.GRAIN_BYTES, blockEnd - start));
    }

    /// Where the item of that index begins, which must lie in the file.
    ///
    /// @param first where the first item begins
    /// @param length how many bytes of the item must be there
    private long checked(String which, long first, long index, int itemBytes, long length)
            throws FormatException {
        long last = Math.floorDiv(fileSize - length - first, (long) itemBytes);
        if (index > last) {
            throw damaged(which,
                    "the index must be 0..%d but was %d; the file has %d bytes, so the image is truncated"
                            .formatted(last, index, fileSize));
        }
        return first + index * itemBytes;
    }

    private FormatException damaged(String which, String sentence) {
        return new FormatException("%s: VMDK %s: %s".formatted(source().file().location(), which, sentence));
    }
}
