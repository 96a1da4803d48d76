package org.vmfinalize.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// The folder in which the server keeps what must outlive it: its certificate, its jobs, its ports.
///
/// The owner alone may look into it.
///
/// @param path absolute; exists
public record DataDirectory(Path path) {

    /// Makes the folder if it is not there.
    ///
    /// @throws IOException if it cannot be made, or is not a folder
    public static DataDirectory open(Path path) throws IOException {
        var absolute = path.toAbsolutePath().normalize();
        try {
            if (!Files.isDirectory(absolute)) {
                Files.createDirectories(absolute,
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
        } catch (IOException e) {
            throw new IOException(
                    "%s: the data directory cannot be made: %s; set vmfinalize.data-directory to a folder that can be written"
                            .formatted(absolute, e.getMessage()),
                    e);
        }
        return new DataDirectory(absolute);
    }

    /// A file of this folder.
    public Path resolve(String name) {
        return path.resolve(name);
    }
}
