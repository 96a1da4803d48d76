package org.vmfinalize.formats.qcow2;

import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.backup.NotAnImageException;
import org.vmfinalize.formats.chain.Chain;
import org.vmfinalize.formats.chain.ChainFiles;
import org.vmfinalize.formats.chain.Compression;
import org.vmfinalize.formats.chain.Layer;
import org.vmfinalize.formats.chain.RawLayer;
import org.vmfinalize.formats.chain.Source;
import org.vmfinalize.formats.chain.TablePages;

/// Opens an image and all that lie below it. The format of each is the one that the image above it states: it is never
/// guessed, since a guest can write into a raw disk what looks like another image.
final class ChainOpener {

    private static final int RAW_BLOCK = 4096;

    private final ChainFiles files;
    private final List<Layer> layers = new ArrayList<>();

    ChainOpener(ChainFiles files) {
        this.files = files;
    }

    Chain open(BackupFile top) throws IOException {
        add(top, "qcow2");
        return new Chain(layers, Source.plain(top, 0, RAW_BLOCK), files::pagesRead);
    }

    private void add(BackupFile file, String format) throws IOException {
        switch (format) {
            case "raw" ->
                layers.add(new RawLayer(Source.plain(file, files.lastNumber(), RAW_BLOCK), file.size()));
            case "qcow2" -> addQcow2(file);
            default -> throw new FormatException(
                    "%s: the format of a backing file must be qcow2 or raw but was '%s'; %s"
                            .formatted(file.location(), format,
                                    "convert the chain: qemu-img convert -O qcow2 TOP NEW.qcow2"));
        }
    }

    private void addQcow2(BackupFile file) throws IOException {
        Header header = header(file);
        int number = files.lastNumber();
        var image = new Source(file, number, 0, header.clusterSize(), true, header.compression());
        var pages = new TablePages(file, number, Long.BYTES, ByteOrder.BIG_ENDIAN, files.tables());
        var layer = new Qcow2Layer(image, header, pages, dataFile(file, header, image));
        layers.add(layer);
        layer.check(files);
        if (header.backing().isPresent()) {
            addBacking(file, header.backing().get());
        }
    }

    /// The file that has the clusters: the image itself, or the data file that it names.
    private Source dataFile(BackupFile file, Header header, Source image) throws IOException {
        if (header.dataFile().isEmpty()) {
            return image;
        }
        BackupFile data = files.open(file, header.dataFile().get(), "qcow2 header: the external data file");
        return new Source(data, files.lastNumber(), 0, header.clusterSize(), false, Compression.NONE);
    }

    private Header header(BackupFile file) throws IOException {
        try {
            return Header.read(file);
        } catch (NotAnImageException e) {
            if (layers.isEmpty()) {
                throw e;
            }
            // The backup is an image, only one that lacks a sound part.
            throw new FormatException(e.getMessage() + "; it is a backing file of "
                    + files.files().getFirst().location(), e);
        }
    }

    private void addBacking(BackupFile file, Header.Backing backing) throws IOException {
        if (backing.format().isEmpty()) {
            throw new FormatException(
                    ("%s: qcow2 header: the backing file's format must be stated but is not; state it:"
                            + " qemu-img rebase -u -F FORMAT -b BACKING %s")
                            .formatted(file.location(), file.location()));
        }
        BackupFile below = files.openBelow(file, backing.name(), "qcow2 header: the backing file");
        add(below, backing.format());
    }
}
