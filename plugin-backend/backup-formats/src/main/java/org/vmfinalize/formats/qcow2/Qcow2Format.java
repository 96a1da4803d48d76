package org.vmfinalize.formats.qcow2;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.vmfinalize.backup.Backup;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.backup.BackupFormat;
import org.vmfinalize.formats.file.FileBackup;

/// qcow2 images of the versions 2 and 3: backing chains, zlib-compressed clusters, zero clusters.
///
/// Not read, and refused with the command that converts or repairs: encryption, external data files, extended L2
/// entries, zstd, images that were not closed cleanly or are marked as corrupt.
public final class Qcow2Format implements BackupFormat {

    private static final int CERTAIN = 100;

    @Override
    public String name() {
        return "qcow2";
    }

    /// Certain of any file that begins with the magic number and a version from 2.
    @Override
    public int recognises(BackupFile file) throws IOException {
        if (file.size() < 2 * Integer.BYTES) {
            return 0;
        }
        var head = ByteBuffer.allocate(2 * Integer.BYTES);
        file.read(head, 0);
        return head.getInt(0) == Header.MAGIC && head.getInt(4) != 1 ? CERTAIN : 0;
    }

    @Override
    public Backup open(BackupFile file) throws IOException {
        Chain chain = ChainOpener.open(file);
        return new FileBackup(name(), new Qcow2Disk(chain), chain.files());
    }
}
