package org.vmfinalize.lab.vcenter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.server.tls.SelfSignedCertificate;
import org.vmfinalize.vcenter.VCenterAddress;
import org.vmfinalize.vcenter.VCenterUnavailableException;
import org.vmfinalize.vcenter.soap.SoapConnector;

/// Who is taken for the vCenter, over real TLS.
class TrustTest {

    private static LabVCenter lab;

    @BeforeAll
    static void start() {
        lab = new LabVCenter(0, "admin-secret", "operator-secret");
    }

    @AfterAll
    static void stop() {
        lab.close();
    }

    @Test
    void aPinnedCertificateIsTrustedHoweverItsThumbprintIsWritten() {
        String plain = lab.thumbprint().replace(":", "").toLowerCase(Locale.ROOT);

        assertThat(about(VCenterAddress.pinned(lab.sdk(), lab.thumbprint()))).isEqualTo(lab.instanceUuid());
        assertThat(about(VCenterAddress.pinned(lab.sdk(), plain))).isEqualTo(lab.instanceUuid());
    }

    @Test
    void aNameThatDoesNotFitMattersToAuthoritiesOnly(@TempDir Path folder) throws IOException {
        var certificate = SelfSignedCertificate.create(List.of("elsewhere.example.org"));
        var file = Files.writeString(folder.resolve("ca.pem"), certificate.pem());
        var server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(certificate.serverContext()));
        server.start();
        try {
            var sdk = URI.create("https://127.0.0.1:%d/sdk".formatted(server.getAddress().getPort()));

            // The server has no such page: whoever hears so has trusted it.
            assertThatThrownBy(() -> about(VCenterAddress.pinned(sdk, certificate.thumbprint())))
                    .hasMessageContaining("HTTP status 404");
            assertThatThrownBy(() -> about(VCenterAddress.trusting(sdk, file)))
                    .hasMessageContaining("127.0.0.1")
                    .hasMessageContaining("subject alternative");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void itsOwnCertificateInAFileIsTrustedUnderItsNames(@TempDir Path folder) throws IOException {
        var file = Files.writeString(folder.resolve("ca.pem"), lab.certificatePem());

        assertThat(about(VCenterAddress.trusting(lab.sdk(), file))).isEqualTo(lab.instanceUuid());
    }

    @Test
    void anotherCertificateIsRefusedWithBothThumbprints() {
        String wrong = lab.thumbprint().startsWith("00") ? "11" : "00";
        var address = VCenterAddress.pinned(lab.sdk(), wrong + lab.thumbprint().substring(2));

        assertThatThrownBy(() -> about(address)).asInstanceOf(type(VCenterUnavailableException.class))
                .matches(e -> !e.mayHaveTakenEffect())
                .satisfies(e -> assertThat(e).hasMessageContaining("was " + lab.thumbprint())
                        .hasMessageContaining("must be " + wrong));
    }

    @Test
    void aCertificateThatNobodySignedIsRefusedWithoutAPin() {
        assertThatThrownBy(() -> about(VCenterAddress.of(lab.sdk())))
                .isInstanceOf(VCenterUnavailableException.class);
    }

    @Test
    void anAuthorityThatDidNotSignItIsNoHelp(@TempDir Path folder) throws IOException {
        var file = Files.writeString(folder.resolve("ca.pem"),
                SelfSignedCertificate.create(List.of("localhost")).pem());

        assertThatThrownBy(() -> about(VCenterAddress.trusting(lab.sdk(), file)))
                .isInstanceOf(VCenterUnavailableException.class);
    }

    @Test
    void aFileWithoutCertificatesIsNamed(@TempDir Path folder) throws IOException {
        var file = Files.writeString(folder.resolve("ca.pem"), "");

        assertThatThrownBy(() -> about(VCenterAddress.trusting(lab.sdk(), file)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("ca.pem");
    }

    private static String about(VCenterAddress address) {
        try (var connector = new SoapConnector(address)) {
            return connector.about().instanceUuid();
        }
    }
}
