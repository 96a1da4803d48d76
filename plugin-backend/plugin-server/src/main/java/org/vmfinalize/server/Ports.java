package org.vmfinalize.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// The file `ports.json` in the data directory. It is there exactly while the server is ready; so it is the sign of that.
final class Ports {

    private Ports() {}

    static Path file(DataDirectory directory) {
        return directory.resolve("ports.json");
    }

    /// Removes what an earlier run left, which may have been killed.
    static void clear(DataDirectory directory) throws IOException {
        Files.deleteIfExists(file(directory));
    }

    static void write(DataDirectory directory, JsonMapper json, Map<String, Integer> ports)
            throws IOException {
        var temporary = directory.resolve("ports.json.new");
        Files.write(temporary, json.writeValueAsBytes(ports));
        Files.move(temporary, file(directory), StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }
}
