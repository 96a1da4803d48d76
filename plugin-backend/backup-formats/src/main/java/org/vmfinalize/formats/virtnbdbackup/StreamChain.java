package org.vmfinalize.formats.virtnbdbackup;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vmfinalize.backup.Backup;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.backup.NotAnImageException;
import org.vmfinalize.formats.chain.Chain;
import org.vmfinalize.formats.chain.ChainDisk;
import org.vmfinalize.formats.chain.ChainFiles;
import org.vmfinalize.formats.chain.Compression;
import org.vmfinalize.formats.chain.Source;
import org.vmfinalize.formats.file.FileBackup;

/// Opens a stream and those before it, down to the full one. A stream names the checkpoint that it follows, and the
/// checkpoint names the file, as virtnbdbackup calls it.
final class StreamChain {

    private static final int BLOCK = 4096;

    private StreamChain() {}

    /// Opens the restore point that ends with `file`.
    ///
    /// @param file closed with the backup, and also when opening fails
    /// @param expected the checkpoint that the stream must be of, if that is known
    static Backup open(String format, BackupFile file, Optional<String> expected) throws IOException {
        var files = new ChainFiles(file);
        try {
            var layers = new ArrayList<StreamLayer>();
            BackupFile stream = file;
            var index = add(stream, files, layers);
            if (expected.isPresent() && !expected.get().equals(index.meta().checkpoint())) {
                throw new FormatException(
                        "%s: virtnbdbackup meta frame: checkpointName must be %s but was %s".formatted(
                                file.location(), expected.get(), index.meta().checkpoint()));
            }
            Optional<String> parent = index.meta().parent();
            while (parent.isPresent()) {
                BackupFile below = below(stream, index.meta().disk(), parent.get(), files);
                StreamMeta meta = addBelow(stream, below, files, layers).meta();
                if (!meta.checkpoint().equals(parent.get())) {
                    throw new FormatException(
                            "%s: virtnbdbackup meta frame: parentCheckpoint must be that of %s, %s, but was %s"
                                    .formatted(stream.location(), below.location(), meta.checkpoint(),
                                            parent.get()));
                }
                stream = below;
                parent = meta.parent();
            }
            var disk = new ChainDisk(new Chain(layers, Source.plain(file, 0, BLOCK), files::pagesRead));
            return new FileBackup(format, disk, files.files());
        } catch (IOException | RuntimeException e) {
            files.closeAfter(e);
            throw e;
        }
    }

    private static StreamIndex addBelow(BackupFile above, BackupFile file, ChainFiles files,
            List<StreamLayer> layers) throws IOException {
        try {
            return add(file, files, layers);
        } catch (NotAnImageException e) {
            throw new FormatException(
                    "%s; it is the parent of %s".formatted(e.getMessage(), above.location()), e);
        }
    }

    private static StreamIndex add(BackupFile file, ChainFiles files, List<StreamLayer> layers)
            throws IOException {
        int above = layers.stream().mapToInt(layer -> layer.index().entries()).sum();
        var index = StreamIndex.read(file, above);
        layers.add(new StreamLayer(
                new Source(index.content(), files.lastNumber(), 0, BLOCK, true, Compression.NONE),
                index));
        return index;
    }

    /// The stream of that checkpoint, incremental or full.
    private static BackupFile below(BackupFile above, String disk, String checkpoint, ChainFiles files)
            throws IOException {
        String field = "virtnbdbackup meta frame: the stream of parentCheckpoint";
        String incremental = "%s.inc.%s.data".formatted(disk, checkpoint);
        try (var _ = above.sibling(incremental)) {
            // It is there: opened again below, where loops and the depth of chains are seen to.
        } catch (FormatException _) {
            return files.openBelow(above, disk + ".full.data", field);
        }
        return files.openBelow(above, incremental, field);
    }
}
