package org.vmfinalize.formats.raw;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.vmfinalize.backup.Backup;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.backup.BackupFormat;
import org.vmfinalize.backup.NotAnImageException;
import org.vmfinalize.formats.file.FileBackup;

/// Raw images. Anything can be one, so this format offers itself as the last resort, and not for plain text.
public final class RawFormat implements BackupFormat {

    private static final int SECTOR = 512;

    @Override
    public String name() {
        return "raw";
    }

    /// 1, or 0 for what nobody would call a disk: less than a sector, or text that does not end with a sector.
    @Override
    public int recognises(BackupFile file) throws IOException {
        if (file.size() < SECTOR) {
            return 0;
        }
        return file.size() % SECTOR != 0 && startsAsText(file) ? 0 : 1;
    }

    @Override
    public Backup open(BackupFile file) throws IOException {
        if (file.size() == 0) {
            file.close();
            throw new NotAnImageException(
                    file.location() + ": a raw image must have at least one byte but is empty");
        }
        return FileBackup.ofImage(name(), new RawDisk(file), List.of(file));
    }

    private static boolean startsAsText(BackupFile file) throws IOException {
        var sector = ByteBuffer.allocate(SECTOR);
        file.read(sector, 0);
        for (byte b : sector.array()) {
            // Bytes from 0x80 may be part of UTF-8; a boot sector has other control characters, zeros above all.
            if (b >= 0 && b < ' ' && b != '\n' && b != '\r' && b != '\t') {
                return false;
            }
        }
        return true;
    }
}
