package org.vmfinalize.overlay;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Writes a qcow2 image, version 3, from its beginning to its end, as QEMU's `docs/interop/qcow2.txt` describes it. All
/// numbers are big-endian.
///
///     cluster 0   header, its extension "backing file format", the backing file's name
///     then        the L1 table, one entry for each L2 table, sparse
///     then        data clusters and L2 tables in the order in which they come
///     at the end  refcount blocks, all entries 1, and the refcount table
///
/// An L2 entry is the offset of a data cluster with bit 63 ("its refcount is 1"), or bit 0 alone: the cluster reads as
/// zeros; or 0: the content is the backing file's. The header is written last: without it the file is no image.
final class Qcow2Writer {

    private static final int MAGIC = 0x514649fb;
    private static final int VERSION = 3;
    private static final int HEADER_BYTES = 104;
    private static final int BACKING_FORMAT = 0xe2792aca;
    private static final int MAX_BACKING_NAME = 1023;

    /// log2 of the bits of a refcount.
    private static final int REFCOUNT_ORDER = 4;
    private static final int REFCOUNT_BYTES = 2;

    private static final long COPIED = 1L << 63;
    private static final long READS_AS_ZEROS = 1;

    /// QEMU takes no larger L1 table than 32 MiB.
    private static final long MAX_L1_ENTRIES = (32 << 20) / Long.BYTES;

    private final FileChannel file;
    private final long size;
    private final Optional<Overlay.BackingFile> backing;
    private final byte[] backingName;
    private final int clusterBits;
    private final int clusterBytes;
    private final long l1Entries;
    private final ByteBuffer l2;
    private final ByteBuffer padded;
    private final ByteBuffer zeros;

    /// The index of the L2 table that `l2` is; -1 for none.
    private long l2Index = -1;
    private long nextCluster;
    private long changedBytes;

    Qcow2Writer(FileChannel file, long size, Optional<Overlay.BackingFile> backing) {
        this.file = file;
        this.size = size;
        this.backing = backing;
        this.backingName = backing.map(Overlay.BackingFile::name).orElse("").getBytes(StandardCharsets.UTF_8);
        if (backingName.length > MAX_BACKING_NAME) {
            throw new IllegalArgumentException(
                    "backing file: its name must have at most %d bytes but has %d; move it to a shorter path"
                            .formatted(MAX_BACKING_NAME, backingName.length));
        }
        this.clusterBits = clusterBits(size);
        this.clusterBytes = 1 << clusterBits;
        this.l1Entries = Math.ceilDiv(size, l2Coverage(clusterBits));
        this.l2 = ByteBuffer.allocate(clusterBytes);
        this.padded = ByteBuffer.allocate(clusterBytes);
        this.zeros = ByteBuffer.allocate(clusterBytes).asReadOnlyBuffer();
        this.nextCluster = 1 + Math.ceilDiv(l1Entries * Long.BYTES, (long) clusterBytes);
    }

    /// As fine as the blocks that changes are counted in, as long as the L1 table is not too large for that.
    static int clusterBits(long size) {
        int bits = Integer.numberOfTrailingZeros(Overlay.BLOCK_BYTES);
        while (Math.ceilDiv(size, l2Coverage(bits)) > MAX_L1_ENTRIES) {
            bits++;
        }
        return bits;
    }

    /// How much of the disk one L2 table describes.
    private static long l2Coverage(int bits) {
        return (1L << bits) * ((1L << bits) / Long.BYTES);
    }

    int clusterBytes() {
        return clusterBytes;
    }

    /// Adds a cluster. Each call must be for one behind that of the call before.
    ///
    /// @param position a multiple of the cluster size
    /// @param content a cluster, or what is left of the disk
    void write(long position, ByteBuffer content) throws IOException {
        int length = content.remaining();
        long entry = READS_AS_ZEROS;
        if (content.mismatch(zeros.slice(0, length)) >= 0) {
            padded.clear().put(content);
            while (padded.hasRemaining()) {
                padded.put((byte) 0);
            }
            entry = append(padded.flip()) | COPIED;
        }
        useTable(position / l2Coverage(clusterBits));
        l2.putLong((int) ((position % l2Coverage(clusterBits)) >> clusterBits) * Long.BYTES, entry);
        changedBytes += length;
    }

    private void useTable(long index) throws IOException {
        if (index != l2Index) {
            storeTable();
            l2Index = index;
            l2.put(0, new byte[clusterBytes]);
        }
    }

    private void storeTable() throws IOException {
        if (l2Index >= 0) {
            long offset = append(l2.clear());
            var entry = ByteBuffer.allocate(Long.BYTES).putLong(0, offset | COPIED);
            put(entry, clusterBytes + l2Index * Long.BYTES);
        }
    }

    /// Stores a cluster behind all others.
    ///
    /// @return its offset
    private long append(ByteBuffer cluster) throws IOException {
        long offset = nextCluster++ << clusterBits;
        put(cluster, offset);
        return offset;
    }

    private void put(ByteBuffer bytes, long offset) throws IOException {
        long at = offset;
        while (bytes.hasRemaining()) {
            at += file.write(bytes, at);
        }
    }

    /// Completes the image.
    Overlay.Written finish() throws IOException {
        storeTable();
        long perBlock = clusterBytes / REFCOUNT_BYTES;
        long blocks = 0;
        long tableClusters = 0;
        // The refcount structures count themselves.
        for (long clusters = -1; clusters != nextCluster + blocks + tableClusters;) {
            clusters = nextCluster + blocks + tableClusters;
            blocks = Math.ceilDiv(clusters, perBlock);
            tableClusters = Math.ceilDiv(blocks * Long.BYTES, (long) clusterBytes);
        }
        long total = nextCluster + blocks + tableClusters;
        long tableOffset = (nextCluster + blocks) << clusterBits;
        storeRefcounts(blocks, total, tableOffset);
        long fileBytes = total << clusterBits;
        if (file.size() < fileBytes) {
            put(ByteBuffer.allocate(1), fileBytes - 1);
        }
        file.force(false);
        put(header(tableOffset, tableClusters), 0);
        return new Overlay.Written(changedBytes, fileBytes);
    }

    private void storeRefcounts(long blocks, long total, long tableOffset) throws IOException {
        long counted = 0;
        for (long i = 0; i < blocks; i++) {
            var block = ByteBuffer.allocate(clusterBytes);
            while (block.hasRemaining() && counted < total) {
                block.putShort((short) 1);
                counted++;
            }
            long offset = append(block.clear());
            put(ByteBuffer.allocate(Long.BYTES).putLong(0, offset), tableOffset + i * Long.BYTES);
        }
    }

    private ByteBuffer header(long tableOffset, long tableClusters) {
        byte[] format = backing.map(Overlay.BackingFile::format).orElse("")
                .getBytes(StandardCharsets.US_ASCII);
        int nameOffset = HEADER_BYTES + 8 + Math.ceilDiv(format.length, 8) * 8 + 8;
        var header = ByteBuffer.allocate(nameOffset + backingName.length);
        header.putInt(MAGIC).putInt(VERSION).putLong(backing.isPresent() ? nameOffset : 0)
                .putInt(backingName.length)
                .putInt(clusterBits).putLong(size).putInt(0).putInt((int) l1Entries).putLong(clusterBytes)
                .putLong(tableOffset).putInt((int) tableClusters).putInt(0).putLong(0);
        // No incompatible, compatible or autoclear features.
        header.putLong(0).putLong(0).putLong(0).putInt(REFCOUNT_ORDER).putInt(HEADER_BYTES);
        if (backing.isPresent()) {
            header.putInt(BACKING_FORMAT).putInt(format.length).put(format);
        }
        header.put(nameOffset, backingName);
        return header.clear();
    }
}
