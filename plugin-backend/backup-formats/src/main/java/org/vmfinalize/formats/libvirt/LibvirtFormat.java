package org.vmfinalize.formats.libvirt;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vmfinalize.backup.Backup;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.backup.BackupFormat;
import org.vmfinalize.backup.NotAnImageException;
import org.vmfinalize.formats.machine.Checksums;
import org.vmfinalize.formats.machine.DiskImages;
import org.vmfinalize.formats.machine.MachineBackup;
import org.vmfinalize.formats.machine.MachineDescription;
import org.vmfinalize.formats.xml.XmlDocument;

/// A folder with the description of a domain, as `virsh dumpxml` prints it, and the images of its disks: raw, qcow2 and
/// whatever else the description says that they are.
///
/// A disk is looked for beside the description, whatever folder its source names: that is where it was on the host.
public final class LibvirtFormat implements BackupFormat {

    /// A tool whose backups have a domain too knows better.
    private static final int CERTAIN = 90;
    private static final int HEAD_BYTES = 4096;

    @Override
    public String name() {
        return "libvirt";
    }

    /// All but certain of any XML document whose root is a domain.
    @Override
    public int recognises(BackupFile file) throws IOException {
        var head = ByteBuffer.allocate((int) Math.min(HEAD_BYTES, file.size()));
        file.read(head, 0);
        return XmlDocument.rootName(head.array()).equals(DomainDisks.ROOT) ? CERTAIN : 0;
    }

    @Override
    public Backup open(BackupFile file) throws IOException {
        List<Backup> images = new ArrayList<>();
        try {
            var domain = XmlDocument.read(DomainDisks.WHAT, file);
            var disks = DomainDisks.of(file.location(), domain);
            for (var disk : disks.disks()) {
                images.add(DiskImages.open(file.sibling(disk.file()), disk.format(), file.location()));
            }
            if (images.isEmpty()) {
                throw new NotAnImageException(
                        "%s: %s: there must be at least one disk but is none".formatted(file.location(),
                                DomainDisks.WHAT));
            }
            var hardware = new DomainHardware(file.location(), domain, disks).read();
            return new MachineBackup(name(), List.of(file), images,
                    new MachineDescription(Optional.of(hardware), Optional.empty()), Checksums.NONE);
        } catch (IOException | RuntimeException e) {
            MachineBackup.closeAfter(e, images, List.of(file));
            throw e;
        }
    }
}
