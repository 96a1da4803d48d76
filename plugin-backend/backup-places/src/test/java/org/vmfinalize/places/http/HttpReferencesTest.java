package org.vmfinalize.places.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vmfinalize.backup.FormatException;
import org.vmfinalize.places.remote.Link;
import org.vmfinalize.places.remote.ReadThrough;
import org.vmfinalize.places.secret.Secrets;
import org.vmfinalize.trust.ServerTrust;

/// What an image on a web server may refer to.
class HttpReferencesTest {

    private static final Duration PATIENT = Duration.ofSeconds(20);

    private WebServer server;
    private WebServer other;

    @BeforeEach
    void start() throws IOException {
        server = new WebServer(null);
        other = new WebServer(null);
        for (var path : List.of("/backups/vm/top", "/backups/vm/sub dir/base", "/backups/full/base",
                "/full/base", "/secret")) {
            server.put(path, path.getBytes(UTF_8));
        }
        other.put("/backups/vm/base", "of another server".getBytes(UTF_8));
    }

    @AfterEach
    void stop() {
        server.close();
        other.close();
    }

    private HttpPlace place(String path, URI... allowed) {
        return new HttpPlace("archive", server.uri(path), List.of(), Secrets.none(),
                new ServerTrust(Optional.empty(), Optional.empty()), PATIENT, List.of(allowed),
                new Link("archive", 32, PATIENT), ReadThrough.straight());
    }

    private static void assertRefused(HttpPlace place, String top, String reference, String why)
            throws IOException {
        try (var file = place.open(top)) {
            assertThatExceptionOfType(FormatException.class).as(reference)
                    .isThrownBy(() -> file.sibling(reference).close())
                    .withMessageStartingWith(top + ": the image refers to '" + reference + "', which " + why);
        }
    }

    @Test
    void aFileOfItsOwnFolderIsOpened() throws IOException {
        try (var place = place("/backups/");
                var top = place.open(server.uri("/backups/vm/top").toString());
                var base = top.sibling("sub dir/base");
                var back = base.sibling("../top")) {
            assertThat(base.location()).isEqualTo(server.uri("/backups/vm/sub%20dir/base").toString());
            assertThat(back.name()).isEqualTo("top");
            assertThatExceptionOfType(FormatException.class).isThrownBy(() -> top.sibling("none").close())
                    .withMessageContaining("is missing");
        }
    }

    @Test
    void whatLeadsElsewhereIsRefusedAndNobodyIsAsked() throws IOException {
        String top = server.uri("/backups/vm/top").toString();
        try (var place = place("/backups/")) {
            for (var outside : List.of("../full/base", "/secret", "../../secret", "/backups/full/base")) {
                assertRefused(place, top, outside, "lies outside");
            }
            for (var uri : List.of("file:///etc/passwd", other.uri("/backups/vm/base").toString(),
                    server.uri("/secret").toString(), "nbd://127.0.0.1/x", "s3://archive/x")) {
                assertRefused(place, top, uri, "is not a plain file");
            }
            // A second slash does not make it the name of a server.
            try (var file = place.open(top)) {
                assertThatExceptionOfType(FormatException.class).isThrownBy(() -> file.sibling("//"
                        + other.uri("/backups/vm/base").getAuthority() + "/backups/vm/base").close());
            }
        }
        assertThat(other.authorizations()).isEmpty();
    }

    @Test
    void aFolderThatThePlaceAllowsIsOpenToItsImages() throws IOException {
        String top = server.uri("/backups/vm/top").toString();
        try (var place = place("/backups/vm/", server.uri("/backups/full/"), server.uri("/full/"));
                var file = place.open(top);
                var near = file.sibling("../full/base");
                var far = file.sibling("/full/base")) {
            assertThat(near.location()).isEqualTo(server.uri("/backups/full/base").toString());
            assertThat(far.location()).isEqualTo(server.uri("/full/base").toString());
            assertRefused(place, top, "/secret", "lies outside");
            // Allowed to be referred to: still no backup by itself.
            assertThat(place.covers(far.location())).isFalse();
        }
    }

    @Test
    void aPlaceThatIsOneFileHasNothingBesideItUnlessItsFolderIsAllowed() throws IOException {
        String top = server.uri("/backups/vm/top").toString();
        try (var place = place("/backups/vm/top")) {
            assertRefused(place, top, "sub dir/base", "lies outside");
        }
        try (var place = place("/backups/vm/top", server.uri("/backups/vm/"));
                var file = place.open(top);
                var base = file.sibling("sub dir/base")) {
            assertThat(base.location()).isEqualTo(server.uri("/backups/vm/sub%20dir/base").toString());
            assertRefused(place, top, "../full/base", "lies outside");
            assertThat(place.covers(base.location())).isFalse();
        }
    }

    @Test
    void onlyFoldersOfTheSameServerCanBeAllowed() {
        for (var wrong : List.of(other.uri("/full/"), server.uri("/full"), URI.create("file:///full/"))) {
            assertThatIllegalArgumentException().as("%s", wrong).isThrownBy(() -> place("/backups/", wrong)
                    .close());
        }
    }
}
