package org.vmfinalize.formats.ovf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import org.vmfinalize.backup.Backup;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.backup.BackupFormat;
import org.vmfinalize.backup.NotAnImageException;
import org.vmfinalize.formats.tar.TarArchive;

/// OVF packages as one archive (section 5.3), read where they lie: nothing is unpacked.
public final class OvaFormat implements BackupFormat {

    private static final int CERTAIN = 100;
    /// Some archives do not begin with their descriptor.
    private static final int LIKELY = 60;
    private static final int HEAD_BYTES = 512;

    @Override
    public String name() {
        return "ova";
    }

    @Override
    public int recognises(BackupFile file) throws IOException {
        var head = ByteBuffer.allocate((int) Math.min(HEAD_BYTES, file.size()));
        file.read(head, 0);
        if (!TarArchive.isAtStartOf(head.array())) {
            return 0;
        }
        boolean descriptorFirst = TarArchive.firstName(head.array()).filter(OvaFormat::isDescriptor)
                .isPresent();
        return descriptorFirst ? CERTAIN : LIKELY;
    }

    private static boolean isDescriptor(String name) {
        return name.toLowerCase(Locale.ROOT).endsWith(".ovf");
    }

    @Override
    public Backup open(BackupFile file) throws IOException {
        BackupFile descriptor;
        try {
            descriptor = descriptor(file);
        } catch (IOException | RuntimeException e) {
            closeAfter(e, file);
            throw e;
        }
        return PackageOpener.openOnly(name(), descriptor, file);
    }

    static BackupFile descriptor(BackupFile file) throws IOException {
        List<BackupFile> descriptors = TarArchive.open(file).files().stream()
                .filter(member -> isDescriptor(member.name())).toList();
        if (descriptors.size() != 1) {
            throw new NotAnImageException(
                    "%s: an OVA must have one member whose name ends in .ovf but has %d"
                            .formatted(file.location(), descriptors.size()));
        }
        return descriptors.getFirst();
    }

    private static void closeAfter(Exception failure, BackupFile file) {
        try {
            file.close();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }
}
