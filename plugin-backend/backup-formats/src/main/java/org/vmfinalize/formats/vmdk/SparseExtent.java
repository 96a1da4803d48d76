package org.vmfinalize.formats.vmdk;

import java.io.IOException;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.formats.chain.Run;
import org.vmfinalize.formats.chain.Source;
import org.vmfinalize.formats.chain.TablePages;
import org.vmfinalize.formats.chain.TwoLevelMap;

/// An extent that has only the grains that were written. Its directory and its tables are entries of 4 bytes: the sector
/// at which the table or the grain begins, or 0 if there is none.
final class SparseExtent extends TwoLevelMap implements VmdkExtent {

    private static final int SECTOR = SparseHeader.SECTOR;
    private static final long ZEROS = 1;

    private final SparseHeader header;
    private final TablePages pages;
    private final long fileSize;

    SparseExtent(Source source, SparseHeader header, TablePages pages) {
        super(source, pages, header.capacity(), header.tableEntries(), 1);
        this.header = header;
        this.pages = pages;
        this.fileSize = source.file().size();
    }

    @Override
    protected long tableOffset(int index) throws IOException {
        long offset = pages.entryAt(header.directory() + (long) index * Integer.BYTES) * SECTOR;
        if (offset != 0 && !isPlace(offset, tableBytes())) {
            throw damaged("directory entry %d: the offset of the grain table".formatted(index), tableBytes(),
                    offset);
        }
        return offset;
    }

    @Override
    protected Run blockRun(long position, long blockEnd, long[] page, int slot) throws FormatException {
        long start = source().blockStart(position);
        long entry = page[slot];
        if (entry == 0) {
            return Run.nowhere(start, blockEnd, Run.Kind.BELOW, source());
        }
        if (entry == ZEROS && header.zeroGrains()) {
            return Run.nowhere(start, blockEnd, Run.Kind.ZERO, source());
        }
        long offset = entry * SECTOR;
        long least = header.compressed() ? GrainCompression.HEAD_BYTES + 1 : blockEnd - start;
        if (!isPlace(offset, least)) {
            throw damaged(
                    "table entry of the grain at byte %d of the disk: the offset of the grain"
                            .formatted(start),
                    least, offset);
        }
        if (header.compressed()) {
            long length = Math.min(GrainCompression.maxBytes(blockSize()), fileSize - offset);
            return new Run(start, blockEnd, Run.Kind.COMPRESSED, source(), offset, (int) length);
        }
        return Run.stored(start, blockEnd, source(), offset);
    }

    /// Whether `length` bytes of a table or a grain may lie at `offset`: behind the header, and not in the directory.
    private boolean isPlace(long offset, long length) {
        return offset >= SECTOR && offset <= fileSize - length
                && (offset >= directoryEnd() || offset + length <= header.directory());
    }

    private long directoryEnd() {
        return header.directory() + header.directoryEntries() * Integer.BYTES;
    }

    private FormatException damaged(String field, long length, long offset) {
        String sentence = offset < SECTOR || offset > fileSize - length
                ? "must be %d..%d but was %d; the file has %d bytes%s".formatted(SECTOR, fileSize - length,
                        offset,
                        fileSize, offset < SECTOR ? "" : ", so the image is truncated")
                : "must not lie in the grain directory, %d..%d, but was %d".formatted(header.directory(),
                        directoryEnd() - 1, offset);
        return new FormatException("%s: VMDK %s %s".formatted(source().file().location(), field, sentence));
    }
}
