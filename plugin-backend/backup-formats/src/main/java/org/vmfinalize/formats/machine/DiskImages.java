package org.vmfinalize.formats.machine;

import java.io.IOException;
import java.util.Map;
import java.util.TreeSet;
import org.vmfinalize.backup.Backup;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.backup.BackupFormat;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.backup.NotAnImageException;
import org.vmfinalize.formats.qcow2.Qcow2Format;
import org.vmfinalize.formats.raw.RawFormat;
import org.vmfinalize.formats.vhd.VhdFormat;
import org.vmfinalize.formats.vhd.VhdxFormat;
import org.vmfinalize.formats.vmdk.VmdkFormat;

/// Opens the image of a disk as the format that its description states: it is never guessed, since a guest can write into
/// a raw disk what looks like another image.
public final class DiskImages {

    private static final Map<String, BackupFormat> FORMATS = Map.of("raw", new RawFormat(), "qcow2",
            new Qcow2Format(), "vmdk", new VmdkFormat(), "vhd", new VhdFormat(), "vhdx", new VhdxFormat());

    private DiskImages() {}

    /// Opens an image.
    ///
    /// @param file closed with the image, and also when opening fails
    /// @param format its format's name
    /// @param describedBy the location of the description, for messages
    public static Backup open(BackupFile file, String format, String describedBy) throws IOException {
        BackupFormat opener = FORMATS.get(format);
        if (opener == null) {
            file.close();
            throw new FormatException(
                    "%s: the format of the disk %s must be one of %s but was '%s'".formatted(
                            describedBy, file.name(), String.join(", ", new TreeSet<>(FORMATS.keySet())),
                            format));
        }
        try {
            return opener.open(file);
        } catch (NotAnImageException e) {
            // The description is one, only it lacks a sound part.
            throw new FormatException("%s; it is a disk of %s".formatted(e.getMessage(), describedBy), e);
        }
    }
}
