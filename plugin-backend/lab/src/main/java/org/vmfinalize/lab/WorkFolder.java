package org.vmfinalize.lab;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/// The folder of one run of the lab: only its user may look into it, and it is deleted at the end.
///
/// @param path absolute
record WorkFolder(Path path) {

    /// Makes the folder among the machine's temporary files.
    ///
    /// @param neededBytes the room that the run may take there
    /// @throws LabException if it cannot be made or has too little room
    static WorkFolder create(long neededBytes) throws IOException {
        var parent = Path.of(System.getProperty("java.io.tmpdir"));
        try {
            long free = Files.getFileStore(parent).getUsableSpace();
            if (free < neededBytes) {
                throw new LabException(
                        "%s: must have %d MiB free but has %d MiB; make room, choose a smaller --size, or set"
                                .formatted(parent, neededBytes >> 20, free >> 20)
                                + " TMPDIR to a folder with more");
            }
            return new WorkFolder(Files.createTempDirectory(parent, "vm-finalize-lab-").toAbsolutePath());
        } catch (LabException e) {
            throw e;
        } catch (IOException e) {
            throw new LabException(
                    "%s: temporary files must be writable there but are not (%s); set TMPDIR to a folder"
                            .formatted(parent, e.getMessage()) + " that can be written",
                    e);
        }
    }

    Path resolve(String name) {
        return path.resolve(name);
    }

    /// Deletes the folder with all that is in it, without following links.
    void delete() throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        Files.walkFileTree(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, IOException failure) throws IOException {
                Files.deleteIfExists(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
