package org.vmfinalize.formats.vmdk;

import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.formats.chain.ChainFiles;
import org.vmfinalize.formats.chain.Compression;
import org.vmfinalize.formats.chain.Source;
import org.vmfinalize.formats.chain.TablePages;

/// Opens the extents that a descriptor names.
final class ExtentOpener {

    /// Flat extents have no grains; this is the block that readers reckon with.
    private static final int FLAT_BLOCK = 4096;

    private final ChainFiles files;

    ExtentOpener(ChainFiles files) {
        this.files = files;
    }

    /// @param number that of the descriptor's file
    List<VmdkExtent> open(BackupFile descriptor, int number, List<ExtentLine> lines) throws IOException {
        var extents = new ArrayList<VmdkExtent>();
        long start = 0;
        for (var line : lines) {
            VmdkExtent extent = line.type().equals("ZERO")
                    ? new VmdkExtent.Zero(Source.plain(descriptor, number, FLAT_BLOCK), line.bytes())
                    : inFile(descriptor, line, start);
            if (extent.size() != line.bytes()) {
                throw new FormatException(
                        "%s: VMDK descriptor: the extent %s must have its %d bytes but was of %d"
                                .formatted(descriptor.location(), line.file(), extent.size(), line.bytes()));
            }
            extents.add(extent);
            start += line.bytes();
        }
        if (start > SparseHeader.MAX_SECTORS * SparseHeader.SECTOR) {
            throw new FormatException(
                    "%s: VMDK descriptor: the extents must have at most %d bytes but have %d"
                            .formatted(descriptor.location(), SparseHeader.MAX_SECTORS * SparseHeader.SECTOR,
                                    start));
        }
        return extents;
    }

    private VmdkExtent inFile(BackupFile descriptor, ExtentLine line, long start) throws IOException {
        if (!List.of("FLAT", "VMFS", "SPARSE", "VMFSSPARSE", "SESPARSE").contains(line.type())) {
            throw new FormatException(
                    "%s: VMDK descriptor: the type of an extent must be FLAT, VMFS, ZERO, SPARSE, VMFSSPARSE or SESPARSE but was %s"
                            .formatted(descriptor.location(), ExtentLine.shown(line.type())));
        }
        BackupFile file = files.open(descriptor, line.file(), "VMDK descriptor: the file of an extent");
        return switch (line.type()) {
            case "SPARSE" -> sparse(file, files.lastNumber(), start, SparseHeader.read(file));
            case "VMFSSPARSE" -> sparse(file, files.lastNumber(), start, CowdHeader.read(file));
            case "SESPARSE" -> seSparse(file, start);
            default -> flat(file, line, start);
        };
    }

    private VmdkExtent flat(BackupFile file, ExtentLine line, long start) throws FormatException {
        if (line.offset() > file.size() - line.bytes()) {
            throw new FormatException(
                    "%s: VMDK flat extent: must have %d bytes from byte %d on but the file has %d; the image is truncated"
                            .formatted(file.location(), line.bytes(), line.offset(), file.size()));
        }
        var source = new Source(file, files.lastNumber(), start, FLAT_BLOCK, false, Compression.NONE);
        return new VmdkExtent.Flat(source, line.bytes(), line.offset());
    }

    /// @param start where the extent begins on the disk
    SparseExtent sparse(BackupFile file, int number, long start, SparseHeader header) throws IOException {
        var source = new Source(file, number, start, header.grainSize(), true,
                new GrainCompression(header.capacity()));
        var extent = new SparseExtent(source, header,
                new TablePages(file, number, Integer.BYTES, ByteOrder.LITTLE_ENDIAN, files.tables()));
        extent.check(files);
        return extent;
    }

    private SeSparseExtent seSparse(BackupFile file, long start) throws IOException {
        SeSparseHeader header = SeSparseHeader.read(file);
        var source = new Source(file, files.lastNumber(), start, SeSparseHeader.GRAIN_BYTES, true,
                Compression.NONE);
        var extent = new SeSparseExtent(source, header, new TablePages(file, files.lastNumber(), Long.BYTES,
                ByteOrder.LITTLE_ENDIAN, files.tables()));
        extent.check(files);
        return extent;
    }
}
