package org.vmfinalize.formats.virtnbdbackup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.vmfinalize.backup.Backup;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.backup.BackupFormat;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.backup.NotAnImageException;
import org.vmfinalize.formats.libvirt.DomainDisks;
import org.vmfinalize.formats.libvirt.DomainHardware;
import org.vmfinalize.formats.machine.Checksums;
import org.vmfinalize.formats.machine.DiskImages;
import org.vmfinalize.formats.machine.MachineBackup;
import org.vmfinalize.formats.machine.MachineDescription;
import org.vmfinalize.formats.xml.XmlDocument;

/// Backups of virtnbdbackup, as they are and without restoring them first. A restore point of a machine is opened by its
/// `vmconfig.CHECKPOINT.xml`, one of a disk by its stream, such as `vda.inc.virtnbdbackup.2.data`.
public final class VirtnbdbackupFormat implements BackupFormat {

    private static final int CERTAIN = 100;
    private static final int HEAD_BYTES = 4096;
    private static final Pattern CONFIGURATION = Pattern
            .compile("vmconfig\\.([A-Za-z0-9][A-Za-z0-9._-]{0,99})\\.xml");

    @Override
    public String name() {
        return "virtnbdbackup";
    }

    @Override
    public int recognises(BackupFile file) throws IOException {
        var head = ByteBuffer.allocate((int) Math.min(HEAD_BYTES, file.size()));
        file.read(head, 0);
        boolean configuration = CONFIGURATION.matcher(file.name()).matches()
                && XmlDocument.rootName(head.array()).equals(DomainDisks.ROOT);
        return configuration || StreamIndex.isAtStartOf(head.array()) ? CERTAIN : 0;
    }

    @Override
    public Backup open(BackupFile file) throws IOException {
        Matcher configuration = CONFIGURATION.matcher(file.name());
        if (!configuration.matches()) {
            return StreamChain.open(name(), file, Optional.empty());
        }
        List<Backup> images = new ArrayList<>();
        try {
            var domain = XmlDocument.read(DomainDisks.WHAT, file);
            var disks = DomainDisks.of(file.location(), domain);
            for (var disk : disks.disks()) {
                images.add(image(file, disk, configuration.group(1)));
            }
            if (images.isEmpty()) {
                throw new NotAnImageException("%s: %s: there must be at least one disk but is none".formatted(
                        file.location(), DomainDisks.WHAT));
            }
            var hardware = new DomainHardware(file.location(), domain, disks).read();
            return new MachineBackup(name(), List.of(file), images,
                    new MachineDescription(Optional.of(hardware), Optional.empty()), Checksums.NONE);
        } catch (IOException | RuntimeException e) {
            MachineBackup.closeAfter(e, images, List.of(file));
            throw e;
        }
    }

    /// Of a raw disk virtnbdbackup makes a copy that is raw, too; of others a stream.
    private Backup image(BackupFile configuration, DomainDisks.DomainDisk disk, String checkpoint)
            throws IOException {
        if (disk.format().equals("raw")) {
            return DiskImages.open(configuration.sibling(disk.target() + ".copy.data"), "raw",
                    configuration.location());
        }
        for (var name : List.of("%s.inc.%s.data", "%s.diff.%s.data", "%s.full.data")) {
            Optional<BackupFile> stream = find(configuration, name.formatted(disk.target(), checkpoint));
            if (stream.isPresent()) {
                return StreamChain.open(name(), stream.get(), Optional.of(checkpoint));
            }
        }
        Optional<BackupFile> copy = find(configuration, disk.target() + ".copy.data");
        if (copy.isPresent()) {
            // A copy is made without a checkpoint.
            return StreamChain.open(name(), copy.get(), Optional.empty());
        }
        throw new FormatException(
                "%s: %s: the disk '%s' must have a file such as %s.full.data beside the description but has none"
                        .formatted(configuration.location(), DomainDisks.WHAT, disk.target(), disk.target()));
    }

    private static Optional<BackupFile> find(BackupFile configuration, String name) throws IOException {
        try {
            return Optional.of(configuration.sibling(name));
        } catch (FormatException _) {
            return Optional.empty();
        }
    }
}
