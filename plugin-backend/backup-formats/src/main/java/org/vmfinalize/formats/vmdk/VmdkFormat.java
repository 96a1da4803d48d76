package org.vmfinalize.formats.vmdk;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.vmfinalize.backup.Backup;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.backup.BackupFormat;
import org.vmfinalize.formats.chain.ChainDisk;
import org.vmfinalize.formats.chain.ChainFiles;
import org.vmfinalize.formats.file.FileBackup;

/// VMDK disks of ESXi and of VMware's hosted products: a descriptor with its extents next to it, or one sparse or
/// stream-optimized file; with chains of snapshots.
///
/// Not read, and refused: device mappings, encryption, a stream whose end is missing, snapshots with a journal to replay.
public final class VmdkFormat implements BackupFormat {

    private static final int CERTAIN = 100;

    @Override
    public String name() {
        return "vmdk";
    }

    /// Certain of any file that begins as a sparse extent or as a descriptor.
    @Override
    public int recognises(BackupFile file) throws IOException {
        var head = ByteBuffer.allocate((int) Math.min(Descriptor.FIRST_LINE.length(), file.size()));
        file.read(head, 0);
        return SparseHeader.isAtStartOf(head.flip()) || Descriptor.isAtStartOf(head) ? CERTAIN : 0;
    }

    @Override
    public Backup open(BackupFile file) throws IOException {
        var files = new ChainFiles(file);
        try {
            var chain = new ImageOpener(files).open(file);
            return FileBackup.ofImage(name(), new ChainDisk(chain), files.files());
        } catch (IOException | RuntimeException e) {
            files.closeAfter(e);
            throw e;
        }
    }
}
