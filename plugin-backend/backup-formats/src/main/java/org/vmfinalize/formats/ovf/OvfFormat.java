package org.vmfinalize.formats.ovf;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.vmfinalize.backup.Backup;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.backup.BackupFormat;
import org.vmfinalize.formats.xml.XmlDocument;

/// OVF packages as a folder: the descriptor is opened, and the files that it names lie next to it.
public final class OvfFormat implements BackupFormat {

    private static final int CERTAIN = 100;
    private static final int HEAD_BYTES = 4096;

    @Override
    public String name() {
        return "ovf";
    }

    /// Certain of any XML document whose root is an envelope.
    @Override
    public int recognises(BackupFile file) throws IOException {
        var head = ByteBuffer.allocate((int) Math.min(HEAD_BYTES, file.size()));
        file.read(head, 0);
        return XmlDocument.rootName(head.array()).equals(Envelope.ROOT) ? CERTAIN : 0;
    }

    @Override
    public Backup open(BackupFile file) throws IOException {
        return PackageOpener.openOnly(name(), file, file);
    }
}
