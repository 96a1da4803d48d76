package org.vmfinalize.formats.qcow2;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Set;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.backup.FormatException;

/// The incompatible features of version 3: an image that uses one that is not understood must not be read.
///
/// @param extendedL2 whether entries of L2 tables tell of subclusters
/// @param dataFile whether the clusters are in another file
/// @param compression how compressed clusters are stored
record Features(boolean extendedL2, boolean dataFile, ClusterCompression compression) {

    static final Features NONE = new Features(false, false, ClusterCompression.ZLIB);

    private static final int INCOMPATIBLE = 72;
    private static final int COMPRESSION_METHOD = 104;

    private static final int DIRTY = 0;
    private static final int CORRUPT = 1;
    private static final int DATA_FILE = 2;
    private static final int COMPRESSION = 3;
    private static final int EXTENDED_L2 = 4;
    private static final Set<Integer> UNDERSTOOD = Set.of(DATA_FILE, COMPRESSION, EXTENDED_L2);

    private static final int ZLIB = 0;
    private static final int ZSTD = 1;

    /// @throws FormatException if the image cannot be read, with the command that repairs or converts it
    static Features read(BackupFile file, int headerLength, int clusterBits) throws IOException {
        var bytes = ByteBuffer.allocate((int) Math.min(COMPRESSION_METHOD + 1, file.size()));
        file.read(bytes, 0);
        long features = bytes.getLong(INCOMPATIBLE);
        int method = headerLength > COMPRESSION_METHOD && bytes.limit() > COMPRESSION_METHOD
                ? Byte.toUnsignedInt(bytes.get(COMPRESSION_METHOD))
                : ZLIB;
        for (int bit = 0; bit < Long.SIZE; bit++) {
            if (!UNDERSTOOD.contains(bit) && isSet(features, bit)) {
                throw refused(file, sentence(file, bit, headerLength, clusterBits));
            }
        }
        return new Features(isSet(features, EXTENDED_L2), isSet(features, DATA_FILE),
                compression(file, isSet(features, COMPRESSION), method));
    }

    private static boolean isSet(long features, int bit) {
        return ((features >>> bit) & 1) != 0;
    }

    private static String sentence(BackupFile file, int bit, int headerLength, int clusterBits)
            throws IOException {
        return switch (bit) {
            case DIRTY ->
                "the image was not closed cleanly; repair it: qemu-img check -r all " + file.location();
            case CORRUPT ->
                "the image is marked as corrupt; repair it: qemu-img check -r all " + file.location();
            default -> {
                int end = (int) Math.min(1 << clusterBits, file.size());
                String name = Extensions.read(file, headerLength, end).incompatibleFeature(bit)
                        .orElse("unknown");
                yield "bit %d (%s) must be 0 but was 1, and is not understood; %s".formatted(bit, name,
                        convert(file));
            }
        };
    }

    private static ClusterCompression compression(BackupFile file, boolean announced, int method)
            throws FormatException {
        if (announced != (method != ZLIB)) {
            throw refused(file,
                    "bit 3 must be %d with compression method %d but was %d".formatted(method == ZLIB ? 0 : 1,
                            method, announced ? 1 : 0));
        }
        return switch (method) {
            case ZLIB -> ClusterCompression.ZLIB;
            case ZSTD -> ClusterCompression.ZSTD;
            default -> throw refused(file,
                    "the compression method must be 0 (zlib) or 1 (zstd) but was %d; %s".formatted(method,
                            convert(file)));
        };
    }

    private static String convert(BackupFile file) {
        return "convert it: qemu-img convert -O qcow2 %s NEW.qcow2".formatted(file.location());
    }

    private static FormatException refused(BackupFile file, String sentence) {
        return new FormatException(
                "%s: qcow2 header: incompatible features: %s".formatted(file.location(), sentence));
    }
}
