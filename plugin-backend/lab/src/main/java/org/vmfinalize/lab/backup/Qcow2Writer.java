package org.vmfinalize.lab.backup;

import static org.vmfinalize.lab.backup.BackupContent.CLUSTER_BYTES;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.Deflater;

/// Writes one qcow2 image, version 3, with clusters of 64 KiB and reference counts of 16 bits.
///
///     cluster 0      header
///     cluster 1 …    content, in the order in which it comes; compressed clusters are packed
///     at the end     L2 tables, L1 table, reference-count blocks, reference-count table
///
/// The header is written last: a file that was left unfinished is no image. For the fields see the qcow2
/// specification, sections "Header", "Reference counts" and "Cluster mapping".
///
/// **Threads:** one.
final class Qcow2Writer implements Closeable {

    private static final int MAGIC = 0x514649fb;
    private static final int HEADER_BYTES = 104;
    private static final int EXTENSION_BACKING_FORMAT = 0xE2792ACA;
    private static final int CLUSTER_BITS = 16;
    private static final int L2_ENTRIES = CLUSTER_BYTES / Long.BYTES;
    private static final int COUNTS_IN_A_BLOCK = CLUSTER_BYTES / Short.BYTES;
    private static final long COPIED = 1L << 63;
    private static final long COMPRESSED = 1L << 62;
    private static final long READS_AS_ZEROS = 1;
    private static final int COMPRESSED_OFFSET_BITS = 62 - (CLUSTER_BITS - 8);

    /// QEMU inflates with a window of 4 KiB, so no match may reach back farther.
    private static final int WINDOW_BYTES = 4096;

    private final FileChannel channel;
    private final long size;
    private final Optional<String> backingFile;
    private final long[] entries;
    private final Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    private final byte[] deflated = new byte[CLUSTER_BYTES];

    /// Reference counts by host cluster; the header's is there from the start.
    private short[] counts = {1};
    private int clusterCount = 1;

    /// Where the next compressed cluster may go: inside the last host cluster with compressed data.
    private long packedEnd;

    /// @param backingFile the name that the header gives for the image below, resolved against this one's folder
    Qcow2Writer(Path file, long size, Optional<String> backingFile) throws IOException {
        this.channel = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
        this.size = size;
        this.backingFile = backingFile;
        this.entries = new long[Math.toIntExact(Math.ceilDiv(size, CLUSTER_BYTES))];
    }

    void writeZeros(long cluster) {
        entries[Math.toIntExact(cluster)] = READS_AS_ZEROS;
    }

    void writeData(long cluster, byte[] content) throws IOException {
        entries[Math.toIntExact(cluster)] = append(ByteBuffer.wrap(content)) | COPIED;
    }

    /// Stores a cluster compressed, or as it is when that would not save a sector.
    void writeCompressed(long cluster, byte[] content) throws IOException {
        int length = deflate(content);
        if (length < 0) {
            writeData(cluster, content);
            return;
        }
        if (packedEnd % CLUSTER_BYTES == 0 || packedEnd % CLUSTER_BYTES + length > CLUSTER_BYTES) {
            packedEnd = allocate() * CLUSTER_BYTES;
            counts[clusterCount - 1] = 0;
        }
        counts[Math.toIntExact(packedEnd / CLUSTER_BYTES)]++;
        writeFully(ByteBuffer.wrap(deflated, 0, length), packedEnd);
        long moreSectors = (packedEnd + length - 1) / 512 - packedEnd / 512;
        entries[Math.toIntExact(cluster)] = COMPRESSED | moreSectors << COMPRESSED_OFFSET_BITS | packedEnd;
        packedEnd += length;
    }

    /// Completes the image.
    @Override
    public void close() throws IOException {
        try (channel; deflater) {
            long tableOffset = writeLevel1(writeLevel2());
            var refcounts = writeReferenceCounts();
            writeHeader(tableOffset, refcounts);
            channel.force(true);
        }
    }

    private int deflate(byte[] content) {
        deflater.reset();
        int length = 0;
        for (int start = 0; start < content.length; start += WINDOW_BYTES) {
            deflater.setInput(content, start, WINDOW_BYTES);
            boolean last = start + WINDOW_BYTES == content.length;
            if (last) {
                deflater.finish();
            }
            // A full flush forgets what came before, which keeps all matches inside the window.
            int room = deflated.length - 512 - length;
            length += deflater.deflate(deflated, length, room,
                    last ? Deflater.NO_FLUSH : Deflater.FULL_FLUSH);
            if (length == deflated.length - 512) {
                return -1;
            }
        }
        return length;
    }

    private ByteBuffer writeLevel2() throws IOException {
        int tables = Math.ceilDiv(entries.length, L2_ENTRIES);
        var level1 = ByteBuffer.allocate(Math.ceilDiv(tables * Long.BYTES, CLUSTER_BYTES) * CLUSTER_BYTES);
        for (int table = 0; table < tables; table++) {
            var level2 = ByteBuffer.allocate(CLUSTER_BYTES);
            long used = 0;
            for (int i = table * L2_ENTRIES; i < Math.min(entries.length, (table + 1) * L2_ENTRIES); i++) {
                level2.putLong(entries[i]);
                used |= entries[i];
            }
            level1.putLong(used == 0 ? 0 : append(level2.rewind()) | COPIED);
        }
        return level1.rewind();
    }

    private long writeLevel1(ByteBuffer level1) throws IOException {
        long start = (long) clusterCount * CLUSTER_BYTES;
        while (level1.hasRemaining()) {
            append(level1.slice(level1.position(), CLUSTER_BYTES));
            level1.position(level1.position() + CLUSTER_BYTES);
        }
        return start;
    }

    /// Where the reference-count table lies, in clusters.
    private record ReferenceCountTable(long firstCluster, int clusters) {}

    private ReferenceCountTable writeReferenceCounts() throws IOException {
        int first = clusterCount;
        int blocks = 0;
        int tables = 0;
        // The blocks count themselves and the table too, so their number is found by approaching it.
        for (int total = -1; total != first + blocks + tables;) {
            total = first + blocks + tables;
            blocks = Math.ceilDiv(total, COUNTS_IN_A_BLOCK);
            tables = Math.ceilDiv(blocks * Long.BYTES, CLUSTER_BYTES);
        }
        for (int i = 0; i < blocks + tables; i++) {
            allocate();
        }
        var table = ByteBuffer.allocate(tables * CLUSTER_BYTES);
        for (int block = 0; block < blocks; block++) {
            var content = ByteBuffer.allocate(CLUSTER_BYTES);
            for (int i = block * COUNTS_IN_A_BLOCK; i < Math.min(clusterCount,
                    (block + 1) * COUNTS_IN_A_BLOCK); i++) {
                content.putShort(counts[i]);
            }
            long offset = (long) (first + block) * CLUSTER_BYTES;
            writeFully(content.rewind(), offset);
            table.putLong(offset);
        }
        writeFully(table.rewind(), (long) (first + blocks) * CLUSTER_BYTES);
        return new ReferenceCountTable(first + blocks, tables);
    }

    private void writeHeader(long level1Offset, ReferenceCountTable counts) throws IOException {
        var header = ByteBuffer.allocate(CLUSTER_BYTES);
        var name = backingFile.orElse("").getBytes(StandardCharsets.UTF_8);
        int nameOffset = name.length == 0 ? 0 : HEADER_BYTES + 24;
        header.putInt(MAGIC).putInt(3).putLong(nameOffset).putInt(name.length).putInt(CLUSTER_BITS)
                .putLong(size);
        header.putInt(0).putInt(Math.ceilDiv(entries.length, L2_ENTRIES)).putLong(level1Offset);
        header.putLong(counts.firstCluster() * CLUSTER_BYTES).putInt(counts.clusters());
        header.putInt(0).putLong(0);
        header.putLong(0).putLong(0).putLong(0).putInt(4).putInt(HEADER_BYTES);
        if (name.length > 0) {
            header.putInt(EXTENSION_BACKING_FORMAT).putInt(5)
                    .put("qcow2".getBytes(StandardCharsets.US_ASCII));
            header.position(HEADER_BYTES + 16).putInt(0).putInt(0);
            header.put(name);
        }
        writeFully(header.rewind(), 0);
    }

    /// Writes a whole cluster to a new place and says where.
    private long append(ByteBuffer content) throws IOException {
        long offset = allocate() * CLUSTER_BYTES;
        writeFully(content, offset);
        return offset;
    }

    private long allocate() {
        if (clusterCount == counts.length) {
            counts = Arrays.copyOf(counts, counts.length * 2);
        }
        counts[clusterCount] = 1;
        return clusterCount++;
    }

    private void writeFully(ByteBuffer content, long position) throws IOException {
        long at = position;
        while (content.hasRemaining()) {
            at += channel.write(content, at);
        }
    }
}
