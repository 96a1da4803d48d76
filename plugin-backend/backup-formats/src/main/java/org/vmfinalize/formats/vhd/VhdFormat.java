package org.vmfinalize.formats.vhd;

import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
import org.vmfinalize.formats.chain.RawLayer;
import org.vmfinalize.formats.chain.Source;
import org.vmfinalize.formats.chain.TablePages;
import org.vmfinalize.formats.file.FileBackup;

/// VHDs: fixed, dynamic, and differencing ones with the chain below them, which lies in the same folder.
public final class VhdFormat implements BackupFormat {

    private static final int CERTAIN = 100;
    private static final int SECTOR = 512;
    private static final int FIXED_BLOCK = 4096;

    @Override
    public String name() {
        return "vhd";
    }

    /// Certain of a file that begins with a footer, or that ends with one and is called so: a guest could write a footer
    /// into the last sector of its raw disk.
    @Override
    public int recognises(BackupFile file) throws IOException {
        boolean called = file.name().toLowerCase(Locale.ROOT).endsWith(".vhd");
        return VhdFooter.isAt(file, 0) || (called && VhdFooter.isAt(file, file.size() - VhdFooter.BYTES))
                ? CERTAIN
                : 0;
    }

    @Override
    public Backup open(BackupFile file) throws IOException {
        var files = new ChainFiles(file);
        try {
            List<Layer> layers = layers(file, files);
            return FileBackup.ofImage(name(),
                    new ChainDisk(new Chain(layers, Source.plain(file, 0, SECTOR), files::pagesRead)),
                    files.files());
        } catch (IOException | RuntimeException e) {
            files.closeAfter(e);
            throw e;
        }
    }

    private static List<Layer> layers(BackupFile top, ChainFiles files) throws IOException {
        var layers = new ArrayList<Layer>();
        BackupFile file = top;
        VhdFooter footer = VhdFooter.read(file);
        Optional<DynamicHeader.Parent> parent = add(file, footer, files, layers);
        while (parent.isPresent()) {
            BackupFile below = files.openBelow(file, parent.get().name(), "VHD header: the parent");
            VhdFooter belowFooter = footerBelow(file, below);
            if (!belowFooter.id().equals(parent.get().id())) {
                throw new FormatException(
                        "%s: VHD header: the parent's identifier must be that of %s, %s, but was %s: it is another disk"
                                .formatted(file.location(), below.location(), belowFooter.id(),
                                        parent.get().id()));
            }
            parent = add(below, belowFooter, files, layers);
            file = below;
        }
        return layers;
    }

    private static VhdFooter footerBelow(BackupFile child, BackupFile file) throws IOException {
        try {
            return VhdFooter.read(file);
        } catch (NotAnImageException e) {
            // The backup is an image, only one that lacks a sound part.
            throw new FormatException(
                    "%s; it is the parent of %s".formatted(e.getMessage(), child.location()), e);
        }
    }

    private static Optional<DynamicHeader.Parent> add(BackupFile file, VhdFooter footer, ChainFiles files,
            List<Layer> layers) throws IOException {
        int number = files.lastNumber();
        if (footer.type() == VhdFooter.Type.FIXED) {
            layers.add(new RawLayer(Source.plain(file, number, FIXED_BLOCK), footer.size()));
            return Optional.empty();
        }
        var header = DynamicHeader.read(file, footer);
        var source = new Source(file, number, 0, header.blockSize(), true,
                Compression.NONE);
        var table = new TablePages(file, number, Integer.BYTES, ByteOrder.BIG_ENDIAN, files.tables());
        // Bitmaps may share a page of the file with the table but have other entries: they are kept apart.
        var bitmaps = new TablePages(file, ~number, Long.BYTES, ByteOrder.BIG_ENDIAN, files.tables());
        var layer = new VhdLayer(source, footer, header, table, bitmaps);
        layer.checkTable(files);
        layers.add(layer);
        return header.parent();
    }
}
