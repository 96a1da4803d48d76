package org.vmfinalize.lab.backup;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/// The content of the lab's backup as a function of its seed: a full image and what an incremental one changed.
///
/// Data come in clusters of 64 KiB, the unit of the image files, each of one [Kind]. Runs of clusters resemble each
/// other, as files do.
public final class BackupContent implements ReferenceDisk {

    static final int CLUSTER_BYTES = 64 * 1024;

    private static final int SECTOR_BYTES = 512;
    private static final int BLOCK_BYTES = 4096;
    private static final int CLUSTERS_IN_A_RUN = 8;
    private static final List<byte[]> WORDS = words();

    private final long seed;
    private final long size;

    /// @param seed any number; the same seed and size give the same content
    /// @param size in bytes, a positive multiple of 512
    public BackupContent(long seed, long size) {
        if (size <= 0 || size % SECTOR_BYTES != 0) {
            throw new IllegalArgumentException(
                    "backup: size must be a positive multiple of 512 bytes but was " + size);
        }
        this.seed = seed;
        this.size = size;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public String source() {
        return "the generator with seed " + seed;
    }

    @Override
    public void read(ByteBuffer target, long position) {
        Objects.checkFromIndexSize(position, target.remaining(), size);
        var sector = new byte[SECTOR_BYTES];
        long at = position;
        while (target.hasRemaining()) {
            int skipped = (int) (at % SECTOR_BYTES);
            int length = Math.min(SECTOR_BYTES - skipped, target.remaining());
            long cluster = at / CLUSTER_BYTES;
            fillSector(sector, 0, shownLayer(cluster), at / SECTOR_BYTES, kind(shownLayer(cluster), cluster));
            target.put(sector, skipped, length);
            at += length;
        }
    }

    @Override
    public void close() {
        // Nothing is held: the content is computed.
    }

    long clusterCount() {
        return Math.ceilDiv(size, CLUSTER_BYTES);
    }

    /// What `layer` stores of a cluster.
    Kind kind(Layer layer, long cluster) {
        int shareOfRun = percent(layer, cluster / CLUSTERS_IN_A_RUN, 1);
        int share = percent(layer, cluster, 2);
        if (layer == Layer.FULL) {
            if (shareOfRun < 30) {
                return share < 10 ? Kind.ZEROS : Kind.NOTHING;
            }
            return shareOfRun < 62 ? Kind.RANDOM : shareOfRun < 88 ? Kind.TEXT : Kind.PATCHY;
        }
        if (shareOfRun >= 30 || share >= 60) {
            return Kind.NOTHING;
        }
        return share < 8 ? Kind.ZEROS : share < 35 ? Kind.RANDOM : share < 50 ? Kind.TEXT : Kind.PATCHY;
    }

    /// The bytes that `layer` stores of a cluster; behind the disk's end they are zeros.
    byte[] cluster(Layer layer, long cluster) {
        var content = new byte[CLUSTER_BYTES];
        var kind = kind(layer, cluster);
        long firstSector = cluster * (CLUSTER_BYTES / SECTOR_BYTES);
        long end = Math.min(size, (cluster + 1) * CLUSTER_BYTES) / SECTOR_BYTES;
        for (long sector = firstSector; sector < end; sector++) {
            fillSector(content, (int) (sector - firstSector) * SECTOR_BYTES, layer, sector, kind);
        }
        return content;
    }

    /// The layer that a reader of the chain sees in a cluster.
    Layer shownLayer(long cluster) {
        return kind(Layer.INCREMENTAL, cluster) == Kind.NOTHING ? Layer.FULL : Layer.INCREMENTAL;
    }

    private void fillSector(byte[] target, int offset, Layer layer, long sector, Kind kind) {
        long sectorSeed = Noise.mix(seed ^ Noise.mix(sector ^ layer.salt));
        switch (kind) {
            case NOTHING, ZEROS -> clear(target, offset);
            case RANDOM -> Noise.fill(target, offset, SECTOR_BYTES, sectorSeed);
            case TEXT -> writeText(target, offset, sector, sectorSeed);
            case PATCHY -> {
                if (percent(layer, sector / (BLOCK_BYTES / SECTOR_BYTES), 3) < 50) {
                    Noise.fill(target, offset, SECTOR_BYTES, sectorSeed);
                } else {
                    clear(target, offset);
                }
            }
        }
    }

    private int percent(Layer layer, long index, int purpose) {
        return (int) Long.remainderUnsigned(Noise.mix(seed + Noise.mix(index * 4 + purpose ^ layer.salt)),
                100);
    }

    private static void clear(byte[] target, int offset) {
        Arrays.fill(target, offset, offset + SECTOR_BYTES, (byte) 0);
    }

    private static void writeText(byte[] target, int offset, long sector, long sectorSeed) {
        var text = ByteBuffer.wrap(target, offset, SECTOR_BYTES);
        text.put("sector ".getBytes(StandardCharsets.US_ASCII))
                .put(Long.toString(sector).getBytes(StandardCharsets.US_ASCII))
                .put((byte) ':');
        long state = sectorSeed;
        while (text.remaining() > 1) {
            state = Noise.mix(state);
            byte[] word = WORDS.get((int) Long.remainderUnsigned(state, WORDS.size()));
            text.put((byte) ' ').put(word, 0, Math.min(word.length, text.remaining()));
        }
        if (text.hasRemaining()) {
            text.put((byte) '\n');
        }
    }

    private static List<byte[]> words() {
        var text = "a backup is a restore point that can be read at random while the machine writes its changes to the "
                + "datastore and every block that is not local comes out of it until the last one was hydrated";
        return text.lines().flatMap(line -> Arrays.stream(line.split(" ")))
                .map(word -> word.getBytes(StandardCharsets.US_ASCII)).toList();
    }

    /// One image file of the chain.
    enum Layer {
        FULL(0x66756c6cL << 32), INCREMENTAL(0x696e6372L << 32);

        /// Keeps the layers' content apart.
        private final long salt;

        Layer(long salt) {
            this.salt = salt;
        }
    }

    /// What an image stores of a cluster.
    enum Kind {
        /// Not stored: zeros in the full image, the full image's content in the incremental one.
        NOTHING,
        /// Recorded as zeros without stored bytes.
        ZEROS,
        /// Bytes that do not compress.
        RANDOM,
        /// Words, which compress.
        TEXT,
        /// Blocks of 4 KiB, half of them zeros.
        PATCHY
    }
}
