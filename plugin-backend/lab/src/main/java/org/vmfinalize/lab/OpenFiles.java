package org.vmfinalize.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Which files a process has open, as Linux shows them under `/proc`.
final class OpenFiles {

    private OpenFiles() {}

    /// @throws IOException if the process is gone or not ours to look at
    static List<Path> of(long processId) throws IOException {
        var open = new ArrayList<Path>();
        try (var descriptors = Files.newDirectoryStream(Path.of("/proc", Long.toString(processId), "fd"))) {
            for (var descriptor : descriptors) {
                try {
                    open.add(Files.readSymbolicLink(descriptor));
                } catch (NoSuchFileException _) {
                    // Closed since the folder was listed.
                }
            }
        }
        return open;
    }
}
