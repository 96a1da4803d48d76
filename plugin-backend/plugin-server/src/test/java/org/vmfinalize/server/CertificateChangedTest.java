package org.vmfinalize.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.server.tls.SelfSignedCertificate;

/// What users hear once vCenter has another certificate than the settings pin.
class CertificateChangedTest {

    private static final String LOG_IN = "{\"userName\":\"alice\",\"password\":\"secret-word\"}";

    /// Has no page at all: whoever hears so has trusted it.
    private static HttpsServer vcenter(SelfSignedCertificate certificate, int port) throws IOException {
        var server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(certificate.serverContext()));
        server.start();
        return server;
    }

    @Test
    void theOldAndTheNewThumbprintAreToldAndNothingIsSent(@TempDir Path folder) throws Exception {
        var old = SelfSignedCertificate.create(List.of("127.0.0.1"));
        var renewed = SelfSignedCertificate.create(List.of("127.0.0.1"));
        var before = vcenter(old, 0);
        int port = before.getAddress().getPort();
        try (var server = RunningServer.start(folder, null,
                "--vmfinalize.vcenter.url=https://127.0.0.1:" + port + "/sdk",
                "--vmfinalize.vcenter.thumbprint=" + old.thumbprint())) {
            assertThat(server.post("/api/v1/sessions", LOG_IN).text("detail")).contains("404");
            before.stop(0);
            var after = vcenter(renewed, port);
            try {
                var refused = server.post("/api/v1/sessions", LOG_IN);

                assertThat(refused.problem()).isEqualTo("vcenter-unavailable");
                assertThat(refused.text("detail")).contains(old.thumbprint(), renewed.thumbprint())
                        .doesNotContain("secret");
            } finally {
                after.stop(0);
            }
        }
    }
}
