package org.vmfinalize.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.vmfinalize.lab.backup.MadeBackup;
import org.vmfinalize.lab.backup.RawFile;
import org.vmfinalize.lab.backup.ReferenceDisk;
import org.vmfinalize.lab.linux.FileSystemBackup;
import org.vmfinalize.terminal.Terminal;

/// The backup that the VM runs from: the user's own, or one that was made for this run.
///
/// @param top the file to name to the plugin server; absolute, and behind all links if it is there
/// @param made if its content is made by a generator
/// @param fileSystem if it has a file system for a guest to boot with
record BackupSource(Path top, Optional<MadeBackup> made, Optional<FileSystemBackup> fileSystem) {

    static BackupSource of(Path usersImage) throws IOException {
        var top = usersImage.toAbsolutePath().normalize();
        return new BackupSource(Files.exists(top) ? top.toRealPath() : top, Optional.empty(),
                Optional.empty());
    }

    static BackupSource of(MadeBackup made) {
        return new BackupSource(made.top(), Optional.of(made), Optional.empty());
    }

    static BackupSource of(FileSystemBackup made) {
        return new BackupSource(made.top(), Optional.empty(), Optional.of(made));
    }

    /// The folder that holds it.
    Path folder() {
        var folder = top.getParent();
        return folder == null ? top : folder;
    }

    /// What the disk must read as: from the generator for a backup that was made, else from the raw image itself, else
    /// as QEMU reads it, else as the product's own format bundle does, which proves the way from there on only.
    ///
    /// @param format as the plugin server recognised it
    /// @param folder for what has to be written down
    ReferenceDisk reference(String format, Path folder, Terminal terminal) throws IOException {
        if (made.isPresent()) {
            return made.get().content();
        }
        if (format.equals("raw")) {
            return RawFile.of(top);
        }
        if (RawFile.isQemuInstalled()) {
            terminal.say("reading the backup with qemu-img, to know what the disk must be");
            return RawFile.readByQemu(top, format, folder.resolve("expected.raw"));
        }
        return ProviderDisk.open(top, format, folder.resolve("bundles"));
    }

    /// Deletes the backup if it was made for this run; a user's is never touched.
    ///
    /// @return whether it was deleted
    boolean deleteIfMade() throws IOException {
        var files = made.map(MadeBackup::files).or(() -> fileSystem.map(FileSystemBackup::files))
                .orElse(List.of());
        for (var file : files) {
            Files.delete(file);
        }
        return !files.isEmpty();
    }
}
