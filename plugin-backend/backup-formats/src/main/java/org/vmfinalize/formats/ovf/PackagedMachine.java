package org.vmfinalize.formats.ovf;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.vmfinalize.backup.Backup;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.backup.NotAnImageException;

/// One machine of a package, which may have several: chosen by a description beside the package.
///
/// @param file the package's descriptor or archive, beside the description
/// @param system the id of the machine's VirtualSystem
/// @param takenAt what the description says of it, as a package tells no time
public record PackagedMachine(String file, String system, Optional<Instant> takenAt) {

    /// Opens it.
    ///
    /// @param format the name of the description's format
    /// @param description closed with the backup, and also when opening fails
    public Backup open(String format, BackupFile description) throws IOException {
        BackupFile opened = description.sibling(file);
        try {
            BackupFile descriptor = new OvaFormat().recognises(opened) > 0
                    ? OvaFormat.descriptor(opened)
                    : opened;
            return new PackageOpener(format, descriptor, List.of(opened, description), Optional.of(system),
                    takenAt).open();
        } catch (NotAnImageException e) {
            opened.close();
            // The description is one, only it names what is none.
            throw new FormatException(
                    "%s; it is the package of %s".formatted(e.getMessage(), description.location()), e);
        } catch (IOException | RuntimeException e) {
            opened.close();
            throw e;
        }
    }
}
