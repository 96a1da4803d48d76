package org.vmfinalize.server.tls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateStoreTest {

    private static SelfSignedCertificate certificate;

    @TempDir
    static Path folder;

    @BeforeAll
    static void make() throws IOException {
        certificate = CertificateStore.openOrCreate(folder, List.of("localhost", "127.0.0.1", "::1"));
    }

    @Test
    void theSameCertificateComesBackAfterARestart() throws IOException {
        var again = CertificateStore.openOrCreate(folder, List.of("elsewhere"));

        assertThat(again.thumbprint()).isEqualTo(certificate.thumbprint());
        assertThat(Files.readString(folder.resolve("thumbprint"))).isEqualTo(certificate.thumbprint() + "\n");
    }

    @Test
    void onlyTheOwnerMayReadKeyAndPassword() throws IOException {
        for (var name : List.of("server.p12", "server.p12.password")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void aWrongPasswordIsSaidInOneLine(@TempDir Path other) throws IOException {
        Files.copy(folder.resolve("server.p12"), other.resolve("server.p12"));
        Files.writeString(other.resolve("server.p12.password"), "wrong");

        assertThatIOException().isThrownBy(() -> CertificateStore.openOrCreate(other, List.of("localhost")))
                .withMessageStartingWith(
                        other.resolve("server.p12") + ": the server's key store cannot be opened: ")
                .withMessageNotContaining("\n");
    }

    @Test
    void opensslReadsThePemAndFindsTheSameThumbprint() throws Exception {
        var openssl = new ProcessBuilder("openssl", "x509", "-in", folder.resolve("server.pem").toString(),
                "-noout",
                "-fingerprint", "-sha256", "-ext", "subjectAltName").redirectErrorStream(true).start();

        assertThat(new String(openssl.getInputStream().readAllBytes(), UTF_8))
                .contains(certificate.thumbprint(), "DNS:localhost", "IP Address:127.0.0.1",
                        "IP Address:0:0:0:0:0:0:0:1");
        assertThat(openssl.waitFor()).isZero();
    }

    @Test
    void aClientThatTrustsItConnectsByNameAndAddressButNotByAnotherName() throws Exception {
        try (var server = (SSLServerSocket) certificate.serverContext().getServerSocketFactory()
                .createServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread.startVirtualThread(() -> answer(server));

            for (var host : List.of("localhost", "127.0.0.1")) {
                try (var socket = connect(server.getLocalPort(), host)) {
                    assertThat(socket.getInputStream().read()).isEqualTo('!');
                }
            }
            assertThatThrownBy(() -> connect(server.getLocalPort(), "example.org"))
                    .isInstanceOf(SSLException.class);
        }
    }

    private static void answer(SSLServerSocket server) {
        while (!server.isClosed()) {
            try (var socket = server.accept()) {
                socket.getOutputStream().write('!');
            } catch (IOException _) {
                // A refused handshake, or the test's end.
            }
        }
    }

    private static SSLSocket connect(int port, String nameToVerify) throws Exception {
        var trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        trust.setCertificateEntry("server", certificate.certificate());
        var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trust);
        var context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        var plain = new Socket(InetAddress.getLoopbackAddress(), port);
        var socket = (SSLSocket) context.getSocketFactory().createSocket(plain, nameToVerify, port, true);
        var parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }
}
