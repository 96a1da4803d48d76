package org.example.split;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.vmfinalize.backup.Backup;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.backup.BackupFormat;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.backup.NotAnImageException;

/// Opens a raw image that was cut into parts, by the list of these.
public final class SplitFormat implements BackupFormat {

    static final String NAME = "split-raw";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int recognises(BackupFile file) throws IOException {
        return PartList.isMagicOf(file) ? 100 : 0;
    }

    /// The backup owns all files from here on; if it does not come to be, they are closed.
    @Override
    public Backup open(BackupFile file) throws IOException {
        var files = new ArrayList<BackupFile>(List.of(file));
        try {
            if (!PartList.isMagicOf(file)) {
                throw new NotAnImageException("%s: must begin with the line '%s' but does not".formatted(file
                        .location(), PartList.MAGIC.strip()));
            }
            for (var part : PartList.read(file).parts()) {
                files.add(open(file, part));
            }
            return new SplitBackup(files);
        } catch (IOException | RuntimeException e) {
            SplitBackup.closeAll(files, e);
            throw e;
        }
    }

    private static BackupFile open(BackupFile list, PartList.Part part) throws IOException {
        // The server sees to it that the name does not lead out of the backup's folder.
        BackupFile file = list.sibling(part.name());
        if (file.size() != part.size()) {
            file.close();
            throw new FormatException("%s: must have the %d bytes that %s says but has %d".formatted(file
                    .location(), part.size(), list.location(), file.size()));
        }
        return file;
    }
}
