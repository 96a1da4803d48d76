package org.vmfinalize.server.instantvm;

import java.nio.file.Path;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Where backups may be taken from.
///
/// @param backupDirectories absolute folders that hold backups. With none, no machine can be run from a backup: else
///        whoever may run machines could read every file that the server can. Texts, since Spring takes the path `/` for
///        the root of the class path
/// @param dataDirectory the server's own data, which are never a backup
@ConfigurationProperties("vmfinalize")
record BackupSettings(@DefaultValue List<String> backupDirectories, Path dataDirectory) {

    BackupSettings {
        for (var folder : backupDirectories) {
            if (!Path.of(folder).isAbsolute()) {
                throw new IllegalArgumentException(
                        "vmfinalize.backup-directories: must be absolute paths but one was '%s'"
                                .formatted(folder));
            }
        }
    }

    List<Path> backupFolders() {
        return backupDirectories.stream().map(folder -> Path.of(folder).normalize()).toList();
    }
}
