package org.vmfinalize.formats.qcow2;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.vmfinalize.backup.Backup;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.backup.BackupFormat;
import org.vmfinalize.formats.chain.Chain;
import org.vmfinalize.formats.chain.ChainDisk;
import org.vmfinalize.formats.chain.ChainFiles;
import org.vmfinalize.formats.file.FileBackup;

/// qcow2 images of the versions 2 and 3: backing chains, clusters compressed by zlib or zstd, zero clusters,
/// subclusters, external data files.
///
/// Not read, and refused with the command that converts or repairs: encryption, images that were not closed cleanly or are
/// marked as corrupt.
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
        var files = new ChainFiles(file);
        try {
            Chain chain = new ChainOpener(files).open(file);
            return FileBackup.ofImage(name(), new ChainDisk(chain), files.files());
        } catch (IOException | RuntimeException e) {
            files.closeAfter(e);
            throw e;
        }
    }
}
