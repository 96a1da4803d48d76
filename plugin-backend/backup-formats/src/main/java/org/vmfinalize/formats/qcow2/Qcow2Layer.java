package org.vmfinalize.formats.qcow2;

import java.io.IOException;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.formats.chain.Layer;
import org.vmfinalize.formats.chain.Run;
import org.vmfinalize.formats.chain.Source;
import org.vmfinalize.formats.chain.TablePages;
import org.vmfinalize.formats.chain.TwoLevelMap;

/// One qcow2 image: finds the bytes of its disk by its two levels of tables (section "Cluster mapping").
///
/// Each entry is checked when it is met: it may point at nothing that lies in the header, in the L1 table or beyond the
/// end of the file.
final class Qcow2Layer extends TwoLevelMap implements Layer {

    /// Bits 9 to 55 of a table entry: an offset in the file.
    private static final long OFFSET_MASK = 0x00ff_ffff_ffff_fe00L;
    private static final long COPIED = 1L << 63;
    private static final long COMPRESSED = 1L << 62;
    private static final long READS_AS_ZEROS = 1;
    private static final int SECTOR = 512;

    private static final int SUBCLUSTERS = 32;
    private static final long STORED_BITS = 0xffff_ffffL;

    private final Header header;
    private final TablePages pages;
    private final Source data;
    private final long fileSize;

    /// @param data the file that has the clusters: `image`, or an external data file
    Qcow2Layer(Source image, Header header, TablePages pages, Source data) {
        // An L2 table is one cluster.
        super(image, pages, header.size(), header.clusterSize() / header.l2EntryBytes(),
                header.l2EntryBytes() / Long.BYTES);
        this.header = header;
        this.pages = pages;
        this.data = data;
        this.fileSize = image.file().size();
    }

    private int clusterSize() {
        return header.clusterSize();
    }

    @Override
    protected long tableOffset(int index) throws IOException {
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

    @Override
    protected Run blockRun(long position, long blockEnd, long[] page, int slot) throws FormatException {
        long entry = page[slot];
        long start = source().blockStart(position);
        if ((entry & COMPRESSED) != 0) {
            return compressed(start, blockEnd, entry);
        }
        return header.extendedL2()
                ? subclusters(start, position, blockEnd, entry, page[slot + 1])
                : standard(start, blockEnd, entry, blockEnd - start);
    }

    /// A standard cluster descriptor: an offset, and in version 3 a bit that says that the cluster is zeros.
    ///
    /// @param used how many bytes of the cluster must be in the file
    private Run standard(long start, long end, long entry, long used) throws FormatException {
        boolean mayBeZeros = header.version() == 3 && !header.extendedL2();
        long allowed = OFFSET_MASK | COPIED | (mayBeZeros ? READS_AS_ZEROS : 0);
        if ((entry & ~allowed) != 0) {
            throw damaged(entryOf(start),
                    "reserved bits must be 0 but the entry was 0x%016x".formatted(entry));
        }
        if ((entry & READS_AS_ZEROS) != 0) {
            return Run.nowhere(start, end, Run.Kind.ZERO, source());
        }
        if (entry == 0) {
            return Run.nowhere(start, end, Run.Kind.BELOW, source());
        }
        long offset = entry & OFFSET_MASK;
        checkCluster(start, used, offset);
        return Run.stored(start, end, data, offset);
    }

    /// An extended entry (section "Extended L2 entries"): after the descriptor a bit for each of 32 subclusters that says
    /// that it is stored, from bit 0, and one that says that it is zeros, from bit 32. The run is as many subclusters from
    /// that of `position` on as are of one kind.
    private Run subclusters(long start, long position, long end, long entry, long bits)
            throws FormatException {
        if (((bits & (bits >>> SUBCLUSTERS)) & STORED_BITS) != 0) {
            throw damaged(entryOf(start),
                    "a subcluster must not be both stored and zeros but the bits were 0x%016x"
                            .formatted(bits));
        }
        int size = clusterSize() / SUBCLUSTERS;
        // The file may end with the last subcluster that is stored.
        long stored = (long) (Long.SIZE - Long.numberOfLeadingZeros(bits & STORED_BITS)) * size;
        Run cluster = standard(start, end, entry, Math.min(end - start, stored));
        if (cluster.kind() == Run.Kind.BELOW && (bits & STORED_BITS) != 0) {
            throw damaged(entryOf(start),
                    "subclusters must not be stored without a cluster but the bits were 0x%016x"
                            .formatted(bits));
        }
        int first = (int) ((position - start) / size);
        Run.Kind kind = subclusterKind(bits, first);
        int next = first + 1;
        while (next < SUBCLUSTERS && subclusterKind(bits, next) == kind) {
            next++;
        }
        long from = start + (long) first * size;
        long to = Math.min(end, start + (long) next * size);
        return kind == Run.Kind.STORED
                ? Run.stored(from, to, data, cluster.host() + from - start)
                : Run.nowhere(from, to, kind, source());
    }

    private static Run.Kind subclusterKind(long bits, int index) {
        if (isSet(bits, index)) {
            return Run.Kind.STORED;
        }
        return isSet(bits, SUBCLUSTERS + index) ? Run.Kind.ZERO : Run.Kind.BELOW;
    }

    private static boolean isSet(long bits, int index) {
        return ((bits >>> index) & 1) != 0;
    }

    /// A compressed cluster descriptor: with x = 62 - (cluster_bits - 8), the bits below x are the offset, and those from
    /// x to 61 the number of sectors of 512 bytes beyond the one in which the data begin.
    private Run compressed(long start, long end, long entry) throws FormatException {
        int offsetBits = 62 - (header.clusterBits() - 8);
        long offset = entry & ((1L << offsetBits) - 1);
        long sectors = ((entry & ~COMPRESSED & ~COPIED) >>> offsetBits) + 1;
        if (header.dataFile().isPresent()) {
            throw damaged(entryOf(start),
                    "clusters of an external data file must not be compressed but bit 62 was 1");
        }
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
        return new Run(start, end, Run.Kind.COMPRESSED, source(), offset, (int) length);
    }

    private void checkCluster(long start, long used, long offset) throws FormatException {
        if (header.dataFile().isEmpty()) {
            if (!isPlace(offset, used)) {
                throw misplaced(entryOf(start), "the offset of the cluster", offset, used);
            }
            return;
        }
        long last = data.file().size() - used;
        if (offset % clusterSize() != 0 || offset > last) {
            throw damaged(entryOf(start),
                    "the offset in the external data file must be 0..%d and a multiple of %d but was %d"
                            .formatted(last, clusterSize(), offset));
        }
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
        return new FormatException("%s: qcow2 %s: %s".formatted(source().file().location(), which, sentence));
    }
}
