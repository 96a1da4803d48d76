package org.vmfinalize.formats.vhd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vmfinalize.backup.Backup;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.backup.BackupFormat;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.backup.NotAnImageException;
import org.vmfinalize.formats.chain.Chain;
import org.vmfinalize.formats.chain.ChainDisk;
import org.vmfinalize.formats.chain.ChainFiles;
import org.vmfinalize.formats.chain.Compression;
import org.vmfinalize.formats.chain.Layer;
import org.vmfinalize.formats.chain.Source;
import org.vmfinalize.formats.chain.TablePages;
import org.vmfinalize.formats.file.FileBackup;

/// VHDX disks of Hyper-V: fixed, dynamic, and differencing ones with the chain below them, which lies in the same folder.
///
/// The log of a disk that was not closed cleanly is replayed in memory.
public final class VhdxFormat implements BackupFormat {

    private static final int CERTAIN = 100;
    private static final int SECTOR = 512;

    @Override
    public String name() {
        return "vhdx";
    }

    @Override
    public int recognises(BackupFile file) throws IOException {
        return isOne(file) ? CERTAIN : 0;
    }

    private static boolean isOne(BackupFile file) throws IOException {
        if (file.size() < Long.BYTES) {
            return false;
        }
        var head = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        file.read(head, 0);
        return head.getLong(0) == VhdxRegions.SIGNATURE;
    }

    @Override
    public Backup open(BackupFile file) throws IOException {
        var files = new ChainFiles(file);
        try {
            if (!isOne(file)) {
                throw new NotAnImageException(file.location() + ": must begin with 'vhdxfile' but does not");
            }
            return FileBackup.ofImage(name(),
                    new ChainDisk(
                            new Chain(layers(file, files), Source.plain(file, 0, SECTOR), files::pagesRead)),
                    files.files());
        } catch (IOException | RuntimeException e) {
            files.closeAfter(e);
            throw e;
        }
    }

    private static List<Layer> layers(BackupFile top, ChainFiles files) throws IOException {
        var layers = new ArrayList<Layer>();
        BackupFile file = top;
        VhdxRegions above = VhdxRegions.read(file, 0);
        int replayed = above.logBytes();
        Optional<VhdxParent> parent = add(above, files, layers);
        while (parent.isPresent()) {
            BackupFile below = files.openBelow(file, parent.get().name(), "VHDX parent locator: the parent");
            if (!isOne(below)) {
                throw new FormatException(
                        "%s: must begin with 'vhdxfile' but does not; it is the parent of %s"
                                .formatted(below.location(), file.location()));
            }
            VhdxRegions regions = VhdxRegions.read(below, replayed);
            replayed += regions.logBytes();
            if (!parent.get().linkages().containsValue(regions.dataWrite())) {
                throw new FormatException(
                        "%s: VHDX parent locator: the linkage must be that of %s, %s, but was %s: the parent was changed"
                                .formatted(file.location(), below.location(), regions.dataWrite(),
                                        parent.get().linkages().values()));
            }
            parent = add(regions, files, layers);
            file = below;
        }
        return layers;
    }

    private static Optional<VhdxParent> add(VhdxRegions regions, ChainFiles files,
            List<Layer> layers) throws IOException {
        BackupFile file = regions.content();
        var metadata = VhdxMetadata.read(file, regions.metadata());
        int number = files.lastNumber();
        var source = new Source(file, number, 0, metadata.blockSize(), true, Compression.NONE);
        var layer = new VhdxLayer(source, metadata, regions.table(),
                new TablePages(file, number, Long.BYTES, ByteOrder.LITTLE_ENDIAN, files.tables()));
        layer.checkTable(files);
        layers.add(layer);
        return metadata.parent();
    }
}
