package org.vmfinalize.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A settings file that takes the place of the built-in one.
class OwnSettingsFileTest {

    @Test
    void takesAwayNeitherTlsNorTheStoredJobs(@TempDir Path folder) throws Exception {
        var file = Files.writeString(folder.resolve("mine.yaml"), "server.port: 0\n");

        // The client speaks TLS only, and trusts the server's own certificate only.
        try (var server = RunningServer.start(folder, new MemoryVCenter(),
                "--spring.config.location=" + file.toUri())) {
            assertThat(server.send("GET", "/api/v1/finalizations", null).status()).isEqualTo(401);
            assertThat(server.data.resolve("jobs.mv.db")).isNotEmptyFile();
        }
    }
}
