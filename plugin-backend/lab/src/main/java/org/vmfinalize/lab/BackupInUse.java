package org.vmfinalize.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Tells from outside whether the plugin server uses a backup: by the files that it has open and by its leases.
///
/// @param backup the top of the backup, whose other files lie in the same folder or below it
record BackupInUse(LabSite site, Path backup) {

    /// The backup's files that the server has open now.
    List<Path> openFiles() throws IOException {
        var folder = folder();
        var datastore = site.datastoreDirectory().toRealPath();
        var server = site.server().folder().toRealPath();
        return OpenFiles.of(site.server().processId()).stream().filter(file -> file.startsWith(folder))
                .filter(file -> !file.startsWith(datastore) && !file.startsWith(server)).distinct().sorted()
                .toList();
    }

    /// The marks beside the backup's top that say that it is in use, by us or by others.
    Set<Path> leases() throws IOException {
        var start = backup.getFileName() + ".lease-";
        try (var files = Files.list(folder())) {
            return files.filter(file -> file.getFileName().toString().startsWith(start))
                    .collect(Collectors.toSet());
        }
    }

    private Path folder() throws IOException {
        return Optional.ofNullable(backup.toRealPath().getParent()).orElseThrow();
    }
}
