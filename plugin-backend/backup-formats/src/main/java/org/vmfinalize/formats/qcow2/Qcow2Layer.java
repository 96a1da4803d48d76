package org.vmfinalize.formats.qcow2;

import java.io.IOException;
import java.util.Optional;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.backup.FormatException;

/// One qcow2 image: finds the bytes of its disk by its two levels of tables (section "Cluster mapping").
///
/// Each entry is checked when it is met: it may point at nothing that lies in the header, in the L1 table or beyond the
/// end of the file.
final class Qcow2Layer implements Layer {

    /// Bits 9 to 55 of a table entry: an offset in the file.
    private static final long OFFSET_MASK = 0x00ff_ffff_ffff_fe00L;
    private static final long COPIED = 1L << 63;
    private static final long COMPRESSED = 1L << 62;
    private static final long READS_AS_ZEROS = 1;
    private static final int SECTOR = 512;

    private final BackupFile file;
    private final int depth;
    private final Header header;
    private final long fileSize;
    private final TablePages pages;

    /// Clusters that one L2 table maps: it is one cluster of entries of 8 bytes.
    private final int tableEntries;

    Qcow2Layer(BackupFile file, int depth, Header header, TablePages pages) {
        this.file = file;
        this.depth = depth;
        this.header = header;
        this.fileSize = file.size();
        this.pages = pages;
        this.tableEntries = header.clusterSize() / Long.BYTES;
    }

    @Override
    public BackupFile file() {
        return file;
    }

    @Override
    public int depth() {
        return depth;
    }

    @Override
    public long size() {
        return header.size();
    }

    @Override
    public int clusterSize() {
        return header.clusterSize();
    }

    /// How many L2 tables the disk may have.
    int tableCount() {
        return header.l1Entries();
    }

    /// How many bytes of the disk one L2 table maps.
    long bytesPerTable() {
        return (long) tableEntries << header.clusterBits();
    }

    @Override
    public Run runAt(long position, long end) throws IOException {
        int tableIndex = (int) (position / bytesPerTable());
        long table = tableOffset(tableIndex);
        return table == 0 ? withoutTable(tableIndex, position, end) : inTable(table, position, end);
    }

    /// Where an L2 table is in the file; 0 if there is none, since none of its clusters is in this image.
    long tableOffset(int index) throws IOException {
        long entry = pages.entryAt(header.l1Offset() + (long) index * Long.BYTES);
        long offset = entry & OFFSET_MASK;
        if ((entry & ~(OFFSET_MASK | COPIED)) != 0) {
            throw damaged("L1 entry " + index,
                    "reserved bits must be 0 but the entry was 0x%016x".formatted(entry));
        }
        if (offset != 0 && !isPlace(offset, clusterSize())) {
            throw misplaced("L1 entry " + index, "the offset of the L2 table", offset, clusterSize());
        }
        return offset;
    }

    private Run withoutTable(int firstIndex, long position, long end) throws IOException {
        long next = (firstIndex + 1L) * bytesPerTable();
        while (next < end && tableOffset((int) (next / bytesPerTable())) == 0) {
            next += bytesPerTable();
        }
        return Run.nowhere(position, Math.min(next, end), Run.Kind.BELOW, this);
    }

    /// Looks at the entries of one page of the table, from that of `position` on, for as long as they make one run.
    private Run inTable(long table, long position, long end) throws IOException {
        long cluster = position >>> header.clusterBits();
        int index = (int) (cluster & (tableEntries - 1));
        long offset = table + (long) index * Long.BYTES;
        long[] page = pages.pageOf(offset);
        int slot = TablePages.slotOf(offset);
        long count = Math.min(Math.min(tableEntries - index, page.length - slot),
                ((end - 1) >>> header.clusterBits()) - cluster + 1);
        Run run = clusterRun(cluster, page[slot]).cut(position, end);
        for (int i = 1; i < count; i++) {
            Optional<Run> joined = run.joined(clusterRun(cluster + i, page[slot + i]));
            if (joined.isEmpty()) {
                break;
            }
            run = joined.get();
        }
        return run.cut(position, end);
    }

    private Run clusterRun(long cluster, long entry) throws FormatException {
        long start = cluster << header.clusterBits();
        long end = Math.min(start + clusterSize(), size());
        return (entry & COMPRESSED) != 0 ? compressed(start, end, entry) : standard(start, end, entry);
    }

    /// A standard cluster descriptor: an offset, and in version 3 a bit that says that the cluster is zeros.
    private Run standard(long start, long end, long entry) throws FormatException {
        long allowed = OFFSET_MASK | COPIED | (header.version() == 3 ? READS_AS_ZEROS : 0);
        long offset = entry & OFFSET_MASK;
        if ((entry & ~allowed) != 0) {
            throw damaged(entryOf(start),
                    "reserved bits must be 0 but the entry was 0x%016x".formatted(entry));
        }
        if ((entry & READS_AS_ZEROS) != 0) {
            return Run.nowhere(start, end, Run.Kind.ZERO, this);
        }
        if (entry == 0) {
            return Run.nowhere(start, end, Run.Kind.BELOW, this);
        }
        if (!isPlace(offset, end - start)) {
            throw misplaced(entryOf(start), "the offset of the cluster", offset, end - start);
        }
        return Run.stored(start, end, this, offset);
    }

    /// A compressed cluster descriptor: with x = 62 - (cluster_bits - 8), the bits below x are the offset, and those from
    /// x to 61 the number of sectors of 512 bytes beyond the one in which the data begin.
    private Run compressed(long start, long end, long entry) throws FormatException {
        int offsetBits = 62 - (header.clusterBits() - 8);
        long offset = entry & ((1L << offsetBits) - 1);
        long sectors = ((entry & ~COMPRESSED & ~COPIED) >>> offsetBits) + 1;
        if ((entry & COPIED) != 0) {
            throw damaged(entryOf(start), "bit 63 of a compressed cluster must be 0 but the entry was 0x%016x"
                    .formatted(entry));
        }
        if (offset < clusterSize() || offset >= fileSize) {
            throw damaged(entryOf(start),
                    outside("the offset of the compressed data", clusterSize(), fileSize - 1,
                            offset));
        }
        // The last sector need not be there in full: the file ends with the data.
        long length = Math.min(sectors * SECTOR - offset % SECTOR, fileSize - offset);
        return new Run(start, end, Run.Kind.COMPRESSED, this, offset, (int) length);
    }

    /// Whether `length` bytes of a table or a cluster may lie at `offset`.
    private boolean isPlace(long offset, long length) {
        return offset % clusterSize() == 0 && offset >= clusterSize() && offset <= fileSize - length
                && (offset >= l1End() || offset + length <= header.l1Offset());
    }

    private FormatException misplaced(String which, String field, long offset, long length) {
        if (offset % clusterSize() != 0) {
            return damaged(which, "%s must be a multiple of the cluster size %d but was %d".formatted(field,
                    clusterSize(), offset));
        }
        if (offset < clusterSize() || offset > fileSize - length) {
            return damaged(which, outside(field, clusterSize(), fileSize - length, offset));
        }
        return damaged(which, "%s must not lie in the L1 table, %d..%d, but was %d".formatted(field,
                header.l1Offset(), l1End() - 1, offset));
    }

    private long l1End() {
        return header.l1Offset() + (long) header.l1Entries() * Long.BYTES;
    }

    private String outside(String field, long min, long max, long value) {
        return "%s must be %d..%d but was %d; the file has %d bytes%s".formatted(field, min, max, value,
                fileSize,
                value > max ? ", so the image is truncated" : "");
    }

    private static String entryOf(long start) {
        return "L2 entry of the cluster at byte %d of the disk".formatted(start);
    }

    private FormatException damaged(String which, String sentence) {
        return new FormatException("%s: qcow2 %s: %s".formatted(file.location(), which, sentence));
    }
}
