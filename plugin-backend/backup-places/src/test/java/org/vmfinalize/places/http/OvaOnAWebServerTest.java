package org.vmfinalize.places.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.formats.ovf.OvaFormat;
import org.vmfinalize.places.Content;
import org.vmfinalize.places.Ova;
import org.vmfinalize.places.remote.Link;
import org.vmfinalize.places.remote.ReadThrough;
import org.vmfinalize.places.secret.Secrets;
import org.vmfinalize.trust.ServerTrust;

class OvaOnAWebServerTest {

    @TempDir
    Path folder;

    @Test
    void aStreamOptimizedDiskInAnOvaIsReadWhereItLies() throws Exception {
        byte[] content = Content.sparse(folder.resolve("disk.raw"), 12 << 20, 3);
        byte[] ova = Ova.make(folder);
        try (var server = new WebServer(null)) {
            server.put("/backups/vm.ova", ova);
            try (var place = new HttpPlace("archive", server.uri("/backups/"), List.of(), Secrets.none(),
                    new ServerTrust(Optional.empty(), Optional.empty()), Duration.ofSeconds(20),
                    new Link("archive", 32, Duration.ofSeconds(20)), ReadThrough.straight());
                    var backup = new OvaFormat()
                            .open(place.open(server.uri("/backups/vm.ova").toString()))) {
                assertThat(Ova.diskOf(backup)).isEqualTo(content);
            }
        }
    }
}
