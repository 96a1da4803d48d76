package org.vmfinalize.lab.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.vmfinalize.lab.backup.BackupContent.Layer;

/// Makes a backup of mixed content: a full qcow2 image and an incremental one over it, with plain, compressed and zero
/// clusters and holes.
public final class BackupMaker {

    private BackupMaker() {}

    /// Writes `full.qcow2` and `incremental.qcow2` into `folder`, which is created if it is not there.
    ///
    /// @param content decides every byte
    /// @param progress is told from time to time how many bytes of the disk are done
    /// @throws IOException if one of the files exists already or cannot be written
    public static MadeBackup make(Path folder, BackupContent content, LongConsumer progress)
            throws IOException {
        Files.createDirectories(folder);
        var full = folder.resolve("full.qcow2");
        var top = folder.resolve("incremental.qcow2");
        var digest = sha256();
        try (var fullImage = new Qcow2Writer(full, content.size(), Optional.empty());
                var topImage = new Qcow2Writer(top, content.size(), Optional.of("full.qcow2"))) {
            for (long cluster = 0; cluster < content.clusterCount(); cluster++) {
                var below = write(fullImage, content, Layer.FULL, cluster);
                var above = write(topImage, content, Layer.INCREMENTAL, cluster);
                long start = cluster * BackupContent.CLUSTER_BYTES;
                int length = (int) Math.min(BackupContent.CLUSTER_BYTES, content.size() - start);
                digest.update(content.shownLayer(cluster) == Layer.INCREMENTAL ? above : below, 0, length);
                progress.accept(start + length);
            }
        }
        return new MadeBackup(top, List.of(top, full), content, HexFormat.of().formatHex(digest.digest()));
    }

    private static byte[] write(Qcow2Writer image, BackupContent content, Layer layer, long cluster)
            throws IOException {
        var bytes = content.cluster(layer, cluster);
        switch (content.kind(layer, cluster)) {
            case NOTHING -> {
                // A cluster that an image does not store takes no place in it.
            }
            case ZEROS -> image.writeZeros(cluster);
            case RANDOM, PATCHY -> image.writeData(cluster, bytes);
            case TEXT -> image.writeCompressed(cluster, bytes);
        }
        return bytes;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
