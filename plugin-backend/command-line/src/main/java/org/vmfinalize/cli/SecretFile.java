package org.vmfinalize.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// A file with a secret, which nobody but its owner may read.
final class SecretFile {

    private static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rwx------");

    private SecretFile() {}

    /// The file's first line.
    static String firstLine(Path file) throws IOException {
        check(file);
        try (var lines = Files.lines(file)) {
            return lines.findFirst().orElse("");
        }
    }

    /// @throws CommandException if others may read it
    static void check(Path file) throws IOException {
        if (!Files.isReadable(file)) {
            throw new CommandException(ExitStatus.USAGE,
                    "%s: must be a file that you can read but is not there or is not yours".formatted(file));
        }
        if (!OWNER.containsAll(Files.getPosixFilePermissions(file))) {
            throw new CommandException(ExitStatus.USAGE,
                    "%s: holds a secret, so nobody but its owner may read it; run 'chmod 600 %s'"
                            .formatted(file, file));
        }
    }
}
