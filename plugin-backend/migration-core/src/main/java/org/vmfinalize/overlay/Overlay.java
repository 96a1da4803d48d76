package org.vmfinalize.overlay;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.vmfinalize.backup.BackupDisk;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.Extent;
import org.vmfinalize.disk.LiveDisk;
import org.vmfinalize.disk.MissingBlocks;

/// The difference between a live disk and its backup, written as a qcow2 image whose backing file is the backup; none where
/// the backup's disk is zeros all over.
///
/// It has those blocks whose content differs from the backup, and no others: what was only copied from the backup, or
/// written by the guest as it was before, is left out. Whoever opens the image sees what the guest saw.
///
/// **Threads:** one. Nobody may write to the disk meanwhile.
public final class Overlay {

    /// The size of the blocks that changes are counted in, at the least.
    static final int BLOCK_BYTES = MissingBlocks.BLOCK_BYTES;

    /// Content of both is compared in pieces of this size; a multiple of all cluster sizes.
    private static final int PIECE_BYTES = 1 << 20;

    private final LiveDisk disk;
    private final BackupDisk backup;
    private final Qcow2Writer writer;
    private final ByteBuffer live = ByteBuffer.allocate(PIECE_BYTES);
    private final ByteBuffer original = ByteBuffer.allocate(PIECE_BYTES);

    /// Up to here everything was compared.
    private long done;

    private Overlay(LiveDisk disk, BackupDisk backup, Qcow2Writer writer) {
        this.disk = disk;
        this.backup = backup;
        this.writer = writer;
    }

    /// What was written.
    ///
    /// @param changedBytes how much differs from the backup, in whole clusters
    /// @param fileBytes the size of the file
    public record Written(long changedBytes, long fileBytes) {}

    /// Names the backup in an overlay.
    ///
    /// @param name a path or URI that QEMU can open, at most 1023 bytes
    /// @param format QEMU's name of its format
    public record BackingFile(String name, String format) {}

    /// Writes the overlay of a disk to `target`, which is there as a whole, and durable, or not at all. One that is there
    /// already is replaced.
    ///
    /// @param backing the backup's disk; empty if that is zeros all over
    /// @throws IOException if the backup cannot be read now, or the file cannot be written
    public static Written write(LiveDisk disk, Optional<BackingFile> backing, Path target)
            throws IOException {
        Path unfinished = target.resolveSibling(target.getFileName() + ".new");
        Files.deleteIfExists(unfinished);
        try (var file = FileChannel.open(unfinished, StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE)) {
            var writer = new Qcow2Writer(file, disk.size(), backing);
            new Overlay(disk, disk.missing().backup(), writer).writeDifferences();
            var written = writer.finish();
            file.force(true);
            Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
            forceFolder(target);
            return written;
        } catch (UncheckedIOException e) {
            deleteAfter(e, unfinished);
            throw e.getCause();
        } catch (IOException | RuntimeException e) {
            deleteAfter(e, unfinished);
            throw e;
        }
    }

    private static void forceFolder(Path target) throws IOException {
        Path folder = target.toAbsolutePath().getParent();
        if (folder != null) {
            try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private static void deleteAfter(Exception failure, Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private void writeDifferences() throws IOException {
        var missing = disk.missing();
        long position = 0;
        while (position < disk.size()) {
            // What is missing is the backup's, so the changes lie between.
            var next = missing.next(new ByteRange(position, disk.size()));
            compareLocal(position, next.start());
            position = next.isEmpty() ? disk.size() : next.end();
        }
    }

    private void compareLocal(long from, long end) throws IOException {
        long inBackup = Math.min(end, backup.size());
        if (from < inBackup) {
            var extents = backup.extents(new ByteRange(from, inBackup));
            while (extents.hasNext()) {
                var extent = extents.next();
                if (extent.kind() == Extent.Kind.ZERO) {
                    compareStored(extent.range().start(), extent.range().end());
                } else {
                    compare(extent.range().start(), extent.range().end());
                }
            }
        }
        compareStored(Math.max(from, inBackup), end);
    }

    /// The backup is zeros here, and so is what the flat file does not store.
    private void compareStored(long from, long end) throws IOException {
        for (long at = disk.nextStored(from, end); at < end; at = disk.nextStored(at, end)) {
            long stop = Math.min(end, at + PIECE_BYTES);
            compare(at, stop);
            at = stop;
        }
    }

    private void compare(long from, long end) throws IOException {
        int cluster = writer.clusterBytes();
        long stop = Math.min(disk.size(), Math.ceilDiv(end, (long) cluster) * cluster);
        for (long at = Math.max(done, from / cluster * cluster); at < stop;) {
            int length = (int) Math.min(PIECE_BYTES, stop - at);
            disk.read(live.clear().limit(length), at);
            readBackup(at, length);
            for (int offset = 0; offset < length; offset += cluster) {
                int size = Math.min(cluster, length - offset);
                if (live.slice(offset, size).mismatch(original.slice(offset, size)) >= 0) {
                    writer.write(at + offset, live.slice(offset, size));
                }
            }
            at += length;
            done = at;
        }
    }

    /// What lies behind the backup's end is zeros.
    private void readBackup(long position, int length) throws IOException {
        int there = Math.clamp(backup.size() - position, 0, length);
        original.clear().limit(there);
        if (there > 0) {
            backup.read(original, position);
        }
        original.clear();
        for (int i = there; i < length; i++) {
            original.put(i, (byte) 0);
        }
    }
}
