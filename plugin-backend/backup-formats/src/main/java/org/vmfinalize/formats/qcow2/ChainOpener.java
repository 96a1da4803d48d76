package org.vmfinalize.formats.qcow2;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.backup.NotAnImageException;
import org.vmfinalize.formats.file.FileBackup;

/// Opens an image and all that lie below it. The format of each is the one that the image above it states: it is never
/// guessed, since a guest can write into a raw disk what looks like another image.
final class ChainOpener {

    private static final int MAX_LAYERS = 64;

    /// 8 MiB of tables map 64 GiB of disk with clusters of 64 KiB.
    private static final long TABLE_CACHE_BYTES = 8 << 20;

    private final List<BackupFile> files = new ArrayList<>();
    private final List<Layer> layers = new ArrayList<>();
    private final BoundedCache<TablePages.Key, long[]> tables = new BoundedCache<>(TABLE_CACHE_BYTES);

    private ChainOpener() {}

    /// @param top closed if the chain cannot be opened, like all other files of it
    static Chain open(BackupFile top) throws IOException {
        var opener = new ChainOpener();
        try {
            opener.add(top, "qcow2");
            return new Chain(opener.layers);
        } catch (IOException | RuntimeException e) {
            closeAfter(e, opener.files);
            throw e;
        }
    }

    private void add(BackupFile file, String format) throws IOException {
        files.add(file);
        switch (format) {
            case "raw" -> layers.add(new RawLayer(file, layers.size()));
            case "qcow2" -> addQcow2(file);
            default -> throw new FormatException(
                    "%s: the format of a backing file must be qcow2 or raw but was '%s'; %s"
                            .formatted(file.location(), format,
                                    "convert the chain: qemu-img convert -O qcow2 TOP NEW.qcow2"));
        }
    }

    private void addQcow2(BackupFile file) throws IOException {
        Header header = header(file);
        int depth = layers.size();
        var layer = new Qcow2Layer(file, depth, header, new TablePages(file, depth, tables));
        layers.add(layer);
        TruncationCheck.check(layer);
        if (header.backing().isPresent()) {
            addBacking(file, header.backing().get());
        }
    }

    private Header header(BackupFile file) throws IOException {
        try {
            return Header.read(file);
        } catch (NotAnImageException e) {
            if (layers.isEmpty()) {
                throw e;
            }
            // The backup is an image, only one that lacks a sound part.
            throw new FormatException(e.getMessage() + "; it is the backing file of "
                    + layers.getLast().file().location(), e);
        }
    }

    private void addBacking(BackupFile file, Header.Backing backing) throws IOException {
        if (backing.format().isEmpty()) {
            throw new FormatException(
                    ("%s: qcow2 header: the backing file's format must be stated but is not; state it:"
                            + " qemu-img rebase -u -F FORMAT -b BACKING %s")
                            .formatted(file.location(), file.location()));
        }
        if (layers.size() == MAX_LAYERS) {
            throw new FormatException(
                    "%s: a chain must have at most %d images but has more; shorten it: qemu-img rebase"
                            .formatted(file.location(), MAX_LAYERS));
        }
        BackupFile below = file.sibling(backing.name());
        if (files.stream().anyMatch(above -> above.location().equals(below.location()))) {
            files.add(below);
            throw new FormatException(
                    "%s: qcow2 header: the backing file must not be part of the chain above it but is %s"
                            .formatted(file.location(), below.location()));
        }
        add(below, backing.format());
    }

    private static void closeAfter(Exception failure, List<BackupFile> files) {
        try {
            FileBackup.closeAll(files);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }
}
