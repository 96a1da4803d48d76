package org.vmfinalize.server.discard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import org.vmfinalize.backup.BackupDisk;
import org.vmfinalize.backup.ByteRange;
import org.vmfinalize.backup.DiskImage;
import org.vmfinalize.backup.Extent;
import org.vmfinalize.disk.LiveDisk;
import org.vmfinalize.overlay.Overlay;
import org.vmfinalize.server.problem.Problem;
import org.vmfinalize.server.problem.ProblemType;

/// Names a disk of a backup as QEMU's programs find it by themselves.
final class BackingFiles {

    private static final Map<String, String> QEMU_FORMATS = Map.of("raw", "raw", "qcow2", "qcow2", "vmdk",
            "vmdk", "vhd", "vpc", "vhdx", "vhdx");
    private static final int SECTOR = 512;

    private BackingFiles() {}

    /// What goes below an overlay with the changes of `live`; empty if its backup is zeros all over.
    ///
    /// @throws Problem CHANGES_NOT_KEPT if QEMU's programs cannot open the backup's disk
    /// @throws IOException if the backup is away
    static Optional<Overlay.BackingFile> of(LiveDisk live) throws IOException {
        var disk = live.missing().backup();
        if (isZeros(disk)) {
            return Optional.empty();
        }
        return Optional.of(disk.image().flatMap(BackingFiles::named).orElseThrow(() -> new Problem(
                ProblemType.CHANGES_NOT_KEPT,
                "changes of disk %s: they can be kept on a raw, qcow2, VMDK, VHD or VHDX image that QEMU can open in a folder, by NBD or from a web server, which this disk of the backup (%s) is not; finalize the VM, or copy the data in the guest"
                        .formatted(live.name(),
                                disk.image().map(DiskImage::location).orElse(disk.name())))));
    }

    private static boolean isZeros(BackupDisk disk) throws IOException {
        try {
            var extents = disk.extents(new ByteRange(0, disk.size()));
            while (extents.hasNext()) {
                if (extents.next().kind() != Extent.Kind.ZERO) {
                    return false;
                }
            }
            return true;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static Optional<Overlay.BackingFile> named(DiskImage image) {
        var format = QEMU_FORMATS.get(image.format());
        if (format == null || !isKnown(image.location())) {
            return Optional.empty();
        }
        return Optional.of(new Overlay.BackingFile(
                image.within().map(range -> within(format, image.location(), range))
                        .orElse(image.location()),
                format));
    }

    private static boolean isKnown(String location) {
        return location.startsWith("/") || isWeb(location) || location.matches("nbd(s|\\+unix)?://.*");
    }

    private static boolean isWeb(String location) {
        return location.startsWith("http://") || location.startsWith("https://");
    }

    /// QEMU's way to name a part of a file. It wants whole sectors, to which members of an archive are padded.
    private static String within(String format, String location, ByteRange range) {
        var file = isWeb(location)
                ? "{\"driver\":\"%s\",\"url\":\"%s\"}".formatted(
                        location.substring(0, location.indexOf(':')), quoted(location))
                : "{\"driver\":\"file\",\"filename\":\"%s\"}".formatted(quoted(location));
        var part = "{\"driver\":\"raw\",\"offset\":%d,\"size\":%d,\"file\":%s}".formatted(range.start(),
                Math.ceilDiv(range.length(), (long) SECTOR) * SECTOR, file);
        return "json:"
                + (format.equals("raw") ? part : "{\"driver\":\"%s\",\"file\":%s}".formatted(format, part));
    }

    private static String quoted(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"");
    }
}
