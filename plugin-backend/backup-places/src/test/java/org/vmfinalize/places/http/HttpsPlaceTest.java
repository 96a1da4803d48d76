package org.vmfinalize.places.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.places.Certificates;
import org.vmfinalize.places.Content;
import org.vmfinalize.places.Place;
import org.vmfinalize.places.remote.Link;
import org.vmfinalize.places.remote.ReadThrough;
import org.vmfinalize.places.s3.S3Place;
import org.vmfinalize.places.s3.S3Server;
import org.vmfinalize.places.secret.Secrets;
import org.vmfinalize.trust.ServerTrust;

/// Whose certificate is taken, on the web and by S3.
class HttpsPlaceTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @TempDir
    Path folder;

    private static Place web(WebServer server, ServerTrust trust, URI... redirects) {
        return new HttpPlace("archive", server.uri("/"), List.of(redirects), Secrets.none(), trust, PATIENCE,
                new Link("archive", 4, Duration.ofMillis(500)), ReadThrough.straight());
    }

    private static Place bucket(WebServer server, ServerTrust trust) {
        return new S3Place("archive", URI.create("s3://archive/"), new S3Server(Optional.of(server.uri("")),
                "us-east-1", true), Secrets.none(), trust, PATIENCE,
                new Link("archive", 4, Duration.ofMillis(
                        500)),
                ReadThrough.straight());
    }

    private static ServerTrust authority(Certificates certificates) {
        return new ServerTrust(Optional.empty(), Optional.of(certificates.authority()));
    }

    private static ServerTrust pinned(Certificates certificates) throws IOException {
        return new ServerTrust(Optional.of(certificates.thumbprint()), Optional.empty());
    }

    @Test
    void readsFromAServerThatIsTrustedByAuthorityOrPinned() throws IOException {
        var own = Certificates.make(folder, "IP:127.0.0.1");
        byte[] content = Content.sparse(folder.resolve("disk"), 100_000, 3);
        try (var server = new WebServer(own.server())) {
            server.put("/disk", content);
            for (var trust : List.of(authority(own), pinned(own))) {
                try (var place = web(server, trust); var file = place.open(server.uri("/disk").toString())) {
                    assertThat(Content.read(file, 33_333)).isEqualTo(content);
                }
                try (var place = bucket(server, trust)) {
                    assertThatIOException().isThrownBy(() -> place.open("s3://archive/missing"))
                            .withMessageContaining("there is no such object");
                }
            }
        }
    }

    @Test
    void refusesAServerThatIsNotTrusted() throws IOException {
        var own = Certificates.make(folder, "IP:127.0.0.1");
        var other = Certificates.make(Files.createDirectory(folder.resolve("other")), "IP:127.0.0.1");
        try (var server = new WebServer(own.server())) {
            server.put("/disk", new byte[10]);
            for (var trust : List.of(authority(other), pinned(other))) {
                try (var place = web(server, trust); var bucket = bucket(server, trust)) {
                    assertThatIOException().isThrownBy(() -> place.open(server.uri("/disk").toString()))
                            .withMessageContaining("the server is not trusted");
                    assertThatIOException().isThrownBy(() -> bucket.open("s3://archive/missing"))
                            .satisfies(e -> assertThat(e.getMessage()).doesNotContain("no such object"));
                }
            }
            assertThat(server.ranges()).isEmpty();
        }
    }

    @Test
    void refusesACertificateForAnotherHostUnlessItIsPinned() throws IOException {
        var own = Certificates.make(folder, "DNS:elsewhere.example.org");
        try (var server = new WebServer(own.server())) {
            server.put("/disk", new byte[10]);
            try (var place = web(server, authority(own)); var bucket = bucket(server, authority(own))) {
                assertThatIOException().isThrownBy(() -> place.open(server.uri("/disk").toString()))
                        .withMessageContaining("the server is not trusted");
                assertThatIOException().isThrownBy(() -> bucket.open("s3://archive/missing"))
                        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("no such object"));
            }
            try (var place = web(server, pinned(own)); var bucket = bucket(server, pinned(own))) {
                place.open(server.uri("/disk").toString()).close();
                assertThatIOException().isThrownBy(() -> bucket.open("s3://archive/missing"))
                        .withMessageContaining("there is no such object");
            }
        }
    }

    @Test
    void aRedirectFromHttpsToHttpIsRefusedEvenIfItsServerIsAllowed() throws IOException {
        var own = Certificates.make(folder, "IP:127.0.0.1");
        try (var server = new WebServer(own.server()); var plain = new WebServer(null)) {
            plain.put("/disk", new byte[10]);
            server.next((exchange, _) -> {
                exchange.getResponseHeaders().set("Location", plain.uri("/disk").toString());
                exchange.sendResponseHeaders(302, -1);
            });
            try (var place = web(server, authority(own), plain.uri(""))) {
                assertThatIOException().isThrownBy(() -> place.open(server.uri("/disk").toString()))
                        .withMessageContaining("must not lead from https to http");
            }
        }
    }
}
