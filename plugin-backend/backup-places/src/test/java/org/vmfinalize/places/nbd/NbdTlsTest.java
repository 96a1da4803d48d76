package org.vmfinalize.places.nbd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.places.Certificates;
import org.vmfinalize.places.Content;
import org.vmfinalize.trust.ServerTrust;

/// TLS against nbdkit: whose certificate is taken, and that nothing is said without it.
class NbdTlsTest {

    @TempDir
    Path folder;

    private int port;
    private byte[] content;

    @BeforeEach
    void makeImage() throws IOException {
        port = NbdServer.freePort();
        content = Content.sparse(folder.resolve("disk.raw"), 1 << 20, 7);
    }

    private NbdServer secure(Certificates certificates) throws IOException {
        return NbdServer.nbdkit(folder, List.of("-i", "127.0.0.1", "-p", String.valueOf(port)),
                "--tls=require", "--tls-certificates=" + certificates.folder(), "file", "disk.raw");
    }

    private BackupFile open(String scheme, ServerTrust trust) throws IOException {
        var uri = URI.create("%s://127.0.0.1:%d/".formatted(scheme, port));
        return NbdServer.place(uri, trust, Duration.ofSeconds(20), Duration.ofSeconds(20)).open(
                uri.toString());
    }

    private static ServerTrust authority(Path file) {
        return new ServerTrust(Optional.empty(), Optional.of(file));
    }

    @Test
    void readsFromAServerWhoseAuthorityIsTrusted() throws IOException {
        var certificates = Certificates.make(folder, "IP:127.0.0.1");

        try (var _ = secure(certificates); var file = open("nbds", authority(certificates.authority()))) {
            assertThat(Content.read(file, 300_000)).isEqualTo(content);
        }
    }

    @Test
    void readsFromAServerWhoseCertificateIsPinnedWhateverItsName() throws IOException {
        var certificates = Certificates.make(folder, "DNS:elsewhere.example.org");
        var pinned = new ServerTrust(Optional.of(certificates.thumbprint()), Optional.empty());

        try (var _ = secure(certificates); var file = open("nbds", pinned)) {
            assertThat(Content.read(file, 300_000)).isEqualTo(content);
        }
    }

    @Test
    void refusesAServerThatIsNotTrusted() throws IOException {
        var certificates = Certificates.make(folder, "IP:127.0.0.1");
        var other = Certificates.make(Files.createDirectory(folder.resolve("other")), "IP:127.0.0.1");

        try (var _ = secure(certificates)) {
            assertThatIOException().isThrownBy(() -> open("nbds", authority(other.authority())))
                    .withMessageContaining("is not trusted");
            assertThatIOException().isThrownBy(() -> open("nbds", new ServerTrust(Optional.of(
                    other.thumbprint()), Optional.empty()))).withMessageContaining("thumbprint must be");
        }
    }

    @Test
    void refusesACertificateForAnotherHost() throws IOException {
        var certificates = Certificates.make(folder, "DNS:elsewhere.example.org");

        try (var _ = secure(certificates)) {
            assertThatIOException().isThrownBy(() -> open("nbds", authority(certificates.authority())))
                    .withMessageContaining("is not trusted");
        }
    }

    @Test
    void saysNothingToAServerWithoutTls() throws IOException {
        var certificates = Certificates.make(folder, "IP:127.0.0.1");

        try (var _ = NbdServer.nbdkit(folder, List.of("-i", "127.0.0.1", "-p", String.valueOf(port)), "file",
                "disk.raw")) {
            assertThatIOException().isThrownBy(() -> open("nbds", authority(certificates.authority())))
                    .withMessageContaining("must offer TLS");
        }
    }

    @Test
    void tellsThatAServerWantsTls() throws IOException {
        var certificates = Certificates.make(folder, "IP:127.0.0.1");

        try (var _ = secure(certificates)) {
            assertThatIOException().isThrownBy(() -> open("nbd", authority(certificates.authority())))
                    .withMessageContaining("TLS is required; use nbds://");
        }
    }

    @Test
    void saysWhatToDoAboutPreSharedKeys() throws IOException {
        var certificates = Certificates.make(folder, "IP:127.0.0.1");
        var keys = Files.writeString(folder.resolve("keys"), "alice:0123456789abcdef0123456789abcdef\n");

        try (var _ = NbdServer.nbdkit(folder, List.of("-i", "127.0.0.1", "-p", String.valueOf(port)),
                "--tls=require", "--tls-psk=" + keys, "file", "disk.raw")) {
            var uri = URI.create("nbds://127.0.0.1:%d/".formatted(port));
            var soon = Duration.ofSeconds(2);
            var place = NbdServer.place(uri, authority(certificates.authority()), soon, soon);
            assertThatIOException().isThrownBy(() -> place.open(uri.toString()))
                    .withMessageContaining("put 'nbdkit nbd' with its tls-psk between");
        }
    }

    /// A reset instead of the server's own words, as comes when it closes with something of ours unread.
    @Test
    void saysSoTooWhenTheConnectionIsReset() throws Exception {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var resets = CompletableFuture.runAsync(() -> {
                try (var guest = server.accept()) {
                    guest.getInputStream().read();
                    guest.setSoLinger(true, 0);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            var address = NbdAddress.of(URI.create("nbds://127.0.0.1:%d/".formatted(server.getLocalPort())));
            try (var wire = Wire.connect(address, Duration.ofSeconds(20))) {
                assertThatExceptionOfType(SSLException.class)
                        .isThrownBy(() -> wire.encrypted(SSLContext.getDefault(), address))
                        .withMessageContaining("put 'nbdkit nbd' with its tls-psk between");
            }
            resets.get();
        }
    }

    private NbdServer askingWhoThisIs(Certificates certificates) throws IOException {
        return NbdServer.nbdkit(folder, List.of("-i", "127.0.0.1", "-p", String.valueOf(port)),
                "--tls=require", "--tls-verify-peer", "--tls-certificates=" + certificates.folder(), "file",
                "disk.raw");
    }

    @Test
    void showsItsOwnCertificateToAServerThatAsksForIt() throws IOException {
        var certificates = Certificates.make(folder, "IP:127.0.0.1");
        var trust = new ServerTrust(Optional.empty(), Optional.of(certificates.authority()),
                Optional.of(certificates.client()));

        try (var _ = askingWhoThisIs(certificates); var file = open("nbds", trust)) {
            assertThat(Content.read(file, 300_000)).isEqualTo(content);
        }
    }

    @Test
    void isNotLetInWithoutACertificateOrWithThatOfAnotherAuthority() throws IOException {
        var certificates = Certificates.make(folder, "IP:127.0.0.1");
        var other = Certificates.make(Files.createDirectory(folder.resolve("other")), "IP:127.0.0.1");
        var foreign = new ServerTrust(Optional.empty(), Optional.of(certificates.authority()),
                Optional.of(other.client()));

        try (var _ = askingWhoThisIs(certificates)) {
            for (var trust : List.of(authority(certificates.authority()), foreign)) {
                var uri = URI.create("nbds://127.0.0.1:%d/".formatted(port));
                assertThatIOException().isThrownBy(() -> NbdServer
                        .place(uri, trust, Duration.ofSeconds(20), Duration.ofSeconds(2))
                        .open(uri.toString()));
            }
        }
    }

    @Test
    void aKeyInAnotherFormIsRefusedWithTheCommandThatConvertsIt() throws IOException {
        var certificates = Certificates.make(folder, "IP:127.0.0.1");
        var key = certificates.folder().resolve("client-key.pem");
        Files.writeString(key, Files.readString(key).replace("PRIVATE KEY", "EC PRIVATE KEY"));
        var trust = new ServerTrust(Optional.empty(), Optional.of(certificates.authority()),
                Optional.of(certificates.client()));

        assertThatIllegalArgumentException().isThrownBy(() -> open("nbds", trust))
                .withMessageContaining("openssl pkcs8 -topk8");
    }
}
