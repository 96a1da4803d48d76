package org.vmfinalize.formats.ovf;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.vmfinalize.backup.Backup;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.backup.NotAnImageException;
import org.vmfinalize.formats.file.FileBackup;
import org.vmfinalize.formats.file.JoinedFile;
import org.vmfinalize.formats.machine.Checksums;
import org.vmfinalize.formats.machine.DiskImages;
import org.vmfinalize.formats.machine.EmptyDisk;
import org.vmfinalize.formats.machine.MachineBackup;
import org.vmfinalize.formats.machine.MachineDescription;

/// Opens the disks that a descriptor names, and what it says of the machine.
final class PackageOpener {

    /// 64 TiB: above the largest virtual disk of vSphere, 62 TiB.
    private static final long MAX_DISK_BYTES = 1L << 46;

    private static final int MAX_CHUNKS = 1024;

    /// Words of URIs of formats, and the formats. Microsoft's page about VHD is not called so.
    private static final Map<String, String> FORMATS = new LinkedHashMap<>();

    static {
        FORMATS.put("vmdk", "vmdk");
        FORMATS.put("qcow", "qcow2");
        FORMATS.put("qcow2", "qcow2");
        FORMATS.put("vhdx", "vhdx");
        FORMATS.put("vhd", "vhd");
        FORMATS.put("microsoft.com", "vhd");
        FORMATS.put("raw", "raw");
    }

    private final String format;
    private final BackupFile descriptor;
    private final List<BackupFile> ownFiles;
    private final Optional<String> system;
    private final Optional<Instant> takenAt;
    private final List<Backup> images = new ArrayList<>();

    /// @param ownFiles closed by the backup, or here when opening fails
    /// @param system the id of the machine; empty: the one that there is
    PackageOpener(String format, BackupFile descriptor, List<BackupFile> ownFiles, Optional<String> system,
            Optional<Instant> takenAt) {
        this.format = format;
        this.descriptor = descriptor;
        this.ownFiles = ownFiles;
        this.system = system;
        this.takenAt = takenAt;
    }

    /// Opens the only machine of a package that tells all there is to know.
    static Backup openOnly(String format, BackupFile descriptor, BackupFile file) throws IOException {
        return new PackageOpener(format, descriptor, List.of(file), Optional.empty(), Optional.empty())
                .open();
    }

    Backup open() throws IOException {
        try {
            Checksums checksums = manifest();
            var envelope = Envelope.read(descriptor, system);
            var hardware = new HardwareSection(descriptor.location(), envelope);
            for (var disk : hardware.disks()) {
                images.add(image(envelope, disk));
            }
            if (images.isEmpty()) {
                throw new NotAnImageException(
                        descriptor.location()
                                + ": OVF descriptor: there must be at least one disk but is none");
            }
            return new MachineBackup(format, ownFiles, images,
                    new MachineDescription(hardware.read(), takenAt), checksums);
        } catch (IOException | RuntimeException e) {
            MachineBackup.closeAfter(e, images, ownFiles);
            throw e;
        }
    }

    private Checksums manifest() throws IOException {
        String name = descriptor.name().replaceFirst("\\.[^.]*$", "") + ".mf";
        BackupFile file;
        try {
            file = descriptor.sibling(name);
        } catch (FormatException _) {
            // A package need not have one.
            return Checksums.NONE;
        }
        try (file) {
            var manifest = Manifest.read(file, descriptor);
            manifest.verifyDescriptor();
            return manifest;
        }
    }

    private Backup image(Envelope envelope, Envelope.VirtualDisk disk) throws IOException {
        if (disk.file().isEmpty()) {
            return new FileBackup("empty", new EmptyDisk(disk.id(), size(envelope, disk)), List.of());
        }
        Envelope.FileReference reference = disk.file().get();
        String href = decoded(reference.href());
        String imageFormat = imageFormat(disk, href);
        BackupFile file = reference.chunkSize().isPresent()
                ? joined(reference, href, reference.chunkSize().get())
                : descriptor.sibling(href);
        long stated = reference.size().orElse(file.size());
        if (stated != file.size()) {
            file.close();
            throw damaged(
                    "the File '%s' must have its size of %d bytes but %s has %d; transfer it again".formatted(
                            reference.id(), stated, file.location(), file.size()));
        }
        return DiskImages.open(file, imageFormat, descriptor.location());
    }

    /// An href is a relative URI, in which blanks are written as %20.
    private String decoded(String href) throws FormatException {
        try {
            return URLDecoder.decode(href.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new FormatException(
                    "%s: OVF descriptor: an href must be a relative URI but was '%s'".formatted(
                            descriptor.location(), href.replaceAll("\\p{Cntrl}", "?")),
                    e);
        }
    }

    /// A file that lies in chunks: HREF.000000000, HREF.000000001 and so on (section 7.1).
    private BackupFile joined(Envelope.FileReference reference, String href, long chunkSize)
            throws IOException {
        long size = reference.size().orElseThrow();
        long count = Math.ceilDiv(size, chunkSize);
        if (count < 1 || count > MAX_CHUNKS) {
            throw damaged(
                    "the File '%s' must have 1..%d chunks but has %d bytes in chunks of %d; join them: %s"
                            .formatted(reference.id(), MAX_CHUNKS, size, chunkSize, "ovftool IN OUT"));
        }
        var chunks = new ArrayList<BackupFile>();
        try {
            for (int i = 0; i < count; i++) {
                var chunk = descriptor.sibling("%s.%09d".formatted(href, i));
                chunks.add(chunk);
                long wanted = Math.min(chunkSize, size - i * chunkSize);
                if (chunk.size() != wanted) {
                    throw damaged(
                            "the chunk %d of the File '%s' must have %d bytes but %s has %d; transfer it again"
                                    .formatted(i, reference.id(), wanted, chunk.location(), chunk.size()));
                }
            }
            return new JoinedFile(href, chunkSize, chunks);
        } catch (IOException | RuntimeException e) {
            MachineBackup.closeAfter(e, List.of(), chunks);
            throw e;
        }
    }

    /// What the URI says; where it does not tell, what the file is called, which is the descriptor's word, too.
    private String imageFormat(Envelope.VirtualDisk disk, String href) throws FormatException {
        String uri = disk.format().toLowerCase(Locale.ROOT);
        String name = href.toLowerCase(Locale.ROOT);
        for (var format : FORMATS.entrySet()) {
            if (uri.contains(format.getKey())) {
                return format.getValue().equals("vhd") && name.endsWith(".vhdx")
                        ? "vhdx"
                        : format.getValue();
            }
        }
        for (var format : FORMATS.entrySet()) {
            if (uri.isEmpty() && name.endsWith("." + format.getKey())) {
                return format.getValue();
            }
        }
        throw damaged(
                "the format of the disk '%s' must be the URI of VMDK, qcow2, VHD, VHDX or raw but was '%s'"
                        .formatted(disk.id(), disk.format()));
    }

    private long size(Envelope envelope, Envelope.VirtualDisk disk) throws FormatException {
        Function<String, Optional<String>> resolve = text -> text.startsWith("${") && text.endsWith("}")
                ? envelope.property(text.substring(2, text.length() - 1))
                : Optional.of(text);
        Optional<Long> capacity = resolve.apply(disk.capacity()).filter(text -> text.matches("\\d{1,18}"))
                .map(Long::parseLong);
        Optional<Long> unit = Units.bytes(disk.unit());
        if (capacity.isEmpty() || unit.isEmpty() || capacity.get() == 0
                || capacity.get() > MAX_DISK_BYTES / unit.get()) {
            throw damaged("the capacity of the disk '%s' must be 1..%d bytes but was '%s' of '%s'".formatted(
                    disk.id(),
                    MAX_DISK_BYTES, disk.capacity(), disk.unit()));
        }
        return capacity.get() * unit.get();
    }

    private FormatException damaged(String sentence) {
        return new FormatException("%s: OVF descriptor: %s".formatted(descriptor.location(),
                sentence.replaceAll("\\p{Cntrl}", "?")));
    }
}
