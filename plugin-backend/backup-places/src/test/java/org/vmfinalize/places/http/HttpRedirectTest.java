package org.vmfinalize.places.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.places.remote.Link;
import org.vmfinalize.places.remote.ReadThrough;
import org.vmfinalize.places.secret.Secrets;
import org.vmfinalize.trust.ServerTrust;

/// Where a web server may lead.
class HttpRedirectTest {

    private static final Duration PATIENT = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private byte[] content;
    private WebServer server;
    private final List<HttpPlace> places = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        content = new byte[100_000];
        new Random(1).nextBytes(content);
        server = new WebServer(null);
        server.put("/backups/disk.raw", content);
    }

    @AfterEach
    void stop() {
        places.forEach(HttpPlace::close);
        server.close();
    }

    private HttpPlace place(Secrets secrets, List<URI> redirects, URI... references) {
        var place = new HttpPlace("archive", server.uri("/backups/"), redirects, secrets,
                new ServerTrust(Optional.empty(), Optional.empty()), PATIENT, List.of(references),
                new Link("archive", 32, PATIENT), ReadThrough.straight());
        places.add(place);
        return place;
    }

    private String location() {
        return server.uri("/backups/disk.raw").toString();
    }

    private BackupFile open(List<URI> redirects, URI... references) throws IOException {
        return place(Secrets.none(), redirects, references).open(location());
    }

    private void assertReads(BackupFile file) throws IOException {
        byte[] bytes = new byte[100];
        file.read(ByteBuffer.wrap(bytes), 5);
        assertThat(bytes).isEqualTo(Arrays.copyOfRange(content, 5, 105));
    }

    private static WebServer.Fault redirect(String to) {
        return (exchange, _) -> {
            exchange.getResponseHeaders().set("Location", to);
            exchange.sendResponseHeaders(302, -1);
        };
    }

    @Test
    void isFollowedInsideThePlace() throws IOException {
        server.put("/backups/2026/disk.raw", content);
        server.next(redirect("2026/disk.raw"));

        try (var file = open(List.of())) {
            assertReads(file);
            assertThat(file.location()).isEqualTo(location());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/elsewhere/disk.raw", "../elsewhere/disk.raw", "/backups/../elsewhere/disk.raw",
            "/backups/%2e%2e/elsewhere/disk.raw"})
    void isNotFollowedOutOfThePlaceOnTheSameServer(String target) throws IOException {
        server.put("/elsewhere/disk.raw", content);
        server.next(redirect(target));

        assertThatIOException().isThrownBy(() -> open(List.of()))
                .withMessageContaining("a redirect leads out of the place, to /")
                .withMessageContaining("redirect-origins");
    }

    @Test
    void isFollowedOutOfThePlaceIfTheFolderOrTheServerIsAllowed() throws IOException {
        server.put("/elsewhere/disk.raw", content);
        for (int i = 0; i < 2; i++) {
            server.next(redirect("/elsewhere/disk.raw"));
            try (var file = i == 0
                    ? open(List.of(server.uri("")))
                    : open(List.of(), server.uri("/elsewhere/"))) {
                assertReads(file);
            }
        }
    }

    @Test
    void isFollowedToAnotherServerOnlyIfItIsAllowedAndWithoutCredentials() throws IOException {
        var file = Files.writeString(folder.resolve("credentials"), "token=secret-token");
        var secrets = new Secrets(Optional.of(file), Optional.empty());
        try (var other = new WebServer(null)) {
            other.put("/signed", content);
            var target = other.uri("/signed").toString();
            server.next(redirect(target));
            assertThatIOException().isThrownBy(() -> place(secrets, List.of()).open(location()))
                    .withMessageContaining("which is not allowed");
            assertThat(other.ranges()).isEmpty();

            server.next(redirect(target));
            try (var opened = place(secrets, List.of(other.uri(""))).open(location())) {
                assertReads(opened);
            }
            assertThat(server.authorizations()).containsOnly("Bearer secret-token");
            assertThat(other.authorizations()).containsOnly("null").hasSizeGreaterThanOrEqualTo(2);
        }
    }

    @Test
    void isAskedForAgainWhenWhatItLedToIsGone() throws IOException {
        try (var other = new WebServer(null)) {
            other.put("/signed-1", content);
            server.next(redirect(other.uri("/signed-1").toString()));
            try (var file = open(List.of(other.uri("")))) {
                assertReads(file);
                other.next((exchange, _) -> exchange.sendResponseHeaders(403, -1));

                assertReads(file);
            }
        }
    }

    @Test
    void isRefusedIfItHasNoEnd() {
        for (int i = 0; i < 6; i++) {
            server.next(redirect(location()));
        }
        assertThatIOException().isThrownBy(() -> open(List.of()))
                .withMessageContaining("in 5 redirects but has more");
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:///etc/passwd", "http://169.254.169.254/latest", "gopher://x/",
            "http://user:pw@127.0.0.1/"})
    void isRefusedIfItLeadsElsewhere(String target) {
        server.next(redirect(target));

        assertThatIOException().isThrownBy(() -> open(List.of())).withMessageContaining("redirect");
    }
}
