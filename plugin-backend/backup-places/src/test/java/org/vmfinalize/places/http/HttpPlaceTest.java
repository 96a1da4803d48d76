package org.vmfinalize.places.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.vmfinalize.backup.BackupFile;
import org.vmfinalize.places.BackupNotFoundException;
import org.vmfinalize.places.Content;
import org.vmfinalize.places.Listing;
import org.vmfinalize.places.OutsidePlacesException;
import org.vmfinalize.places.remote.Link;
import org.vmfinalize.places.remote.ReadThrough;
import org.vmfinalize.places.secret.Secrets;
import org.vmfinalize.trust.ServerTrust;

/// Reads from a web server that drops, stalls, lies and changes its mind.
class HttpPlaceTest {

    private static final Duration PATIENT = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private byte[] content;
    private WebServer server;
    private final List<HttpPlace> places = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        content = new byte[6_000_000];
        new Random(1).nextBytes(content);
        server = new WebServer(null);
        server.put("/backups/disk.raw", content);
    }

    @AfterEach
    void stop() {
        places.forEach(HttpPlace::close);
        server.close();
    }

    private HttpPlace place(Duration timeout, Duration retryFor, Secrets secrets) {
        var place = new HttpPlace("archive", server.uri("/backups/"), List.of(), secrets,
                new ServerTrust(Optional.empty(), Optional.empty()), timeout, new Link("archive", 32,
                        retryFor),
                ReadThrough.straight());
        places.add(place);
        return place;
    }

    private HttpPlace place() {
        return place(PATIENT, PATIENT, Secrets.none());
    }

    private String location() {
        return server.uri("/backups/disk.raw").toString();
    }

    private BackupFile open() throws IOException {
        return place().open(location());
    }

    private byte[] read(BackupFile file, int position, int count) throws IOException {
        byte[] bytes = new byte[count];
        file.read(ByteBuffer.wrap(bytes), position);
        return bytes;
    }

    private byte[] expected(int position, int count) {
        return Arrays.copyOfRange(content, position, position + count);
    }

    @Test
    void readsRanges() throws IOException {
        try (var file = open()) {
            assertThat(file.size()).isEqualTo(content.length);
            assertThat(file.name()).isEqualTo("disk.raw");
            assertThat(file.location()).isEqualTo(location());
            assertThat(Content.read(file, 777_777)).isEqualTo(content);
            assertThat(read(file, 0, 5_000_000)).isEqualTo(expected(0, 5_000_000));
        }
    }

    @Test
    void sixteenReadsAreUnderWayAtOnce() throws Exception {
        try (var file = open()) {
            // No request is answered before sixteen have come.
            server.gate = new CountDownLatch(16);
            var reads = new ArrayList<FutureTask<byte[]>>();
            for (int i = 0; i < 16; i++) {
                int position = i * 1000;
                var read = new FutureTask<>(() -> read(file, position, 1000));
                reads.add(read);
                Thread.ofVirtual().start(read);
            }
            for (int i = 0; i < 16; i++) {
                assertThat(reads.get(i).get()).isEqualTo(expected(i * 1000, 1000));
            }
            assertThat(server.mostUnderWay()).isGreaterThanOrEqualTo(16);
        }
    }

    static Stream<Arguments> passing() {
        return Stream.of(
                Arguments.of("HTTP 503 with Retry-After", (WebServer.Fault) (exchange, _) -> {
                    exchange.getResponseHeaders().set("Retry-After", "0");
                    exchange.sendResponseHeaders(503, -1);
                }),
                Arguments.of("HTTP 429", status(429)), Arguments.of("HTTP 500", status(500)),
                Arguments.of("hangs up", (WebServer.Fault) (exchange, _) -> exchange.close()),
                Arguments.of("breaks off in the middle", (WebServer.Fault) (exchange, part) -> {
                    exchange.sendResponseHeaders(206, part.length);
                    exchange.getResponseBody().write(part, 0, part.length / 2);
                    exchange.getResponseBody().flush();
                    exchange.close();
                }),
                Arguments.of("sends less than it says in chunks", (WebServer.Fault) (exchange, part) -> {
                    exchange.sendResponseHeaders(206, 0);
                    exchange.getResponseBody().write(part, 0, part.length / 2);
                }),
                Arguments.of("sends more than was asked for", (WebServer.Fault) (exchange, part) -> {
                    exchange.sendResponseHeaders(206, 0);
                    exchange.getResponseBody().write(part);
                    exchange.getResponseBody().write(part);
                }));
    }

    private static WebServer.Fault status(int status) {
        return (exchange, _) -> exchange.sendResponseHeaders(status, -1);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("passing")
    void goesOnAfterAServerThat(String name, WebServer.Fault fault) throws IOException {
        try (var file = open()) {
            server.next(fault);
            server.next(fault);

            assertThat(read(file, 1000, 2_000_000)).isEqualTo(expected(1000, 2_000_000));
        }
    }

    @Test
    void continuesWhereABodyBrokeOff() throws IOException {
        try (var file = open()) {
            server.next((exchange, part) -> {
                exchange.sendResponseHeaders(206, part.length);
                exchange.getResponseBody().write(part, 0, 600_000);
                exchange.getResponseBody().flush();
                exchange.close();
            });

            assertThat(read(file, 0, 1_000_000)).isEqualTo(expected(0, 1_000_000));
            assertThat(server.ranges().getLast()).isNotEqualTo("bytes=0-999999").endsWith("-999999");
        }
    }

    @Test
    void aServerThatStallsIsAskedAgain() throws IOException {
        try (var file = place(Duration.ofMillis(300), PATIENT, Secrets.none()).open(location())) {
            server.next((exchange, part) -> {
                exchange.sendResponseHeaders(206, part.length);
                exchange.getResponseBody().write(part, 0, 1000);
                exchange.getResponseBody().flush();
                server.stall();
            });

            assertThat(read(file, 0, 500_000)).isEqualTo(expected(0, 500_000));
        }
    }

    @Test
    void goesOnAfterAnOutage() throws Exception {
        try (var file = open()) {
            server.stop();
            var reading = new FutureTask<>(() -> read(file, 0, 3_000_000));
            Thread.ofVirtual().start(reading);

            server.startAgain();

            assertThat(reading.get()).isEqualTo(expected(0, 3_000_000));
        }
    }

    @Test
    void aServerThatIsAwayForTooLongIsNamedInTheMessage() throws IOException {
        try (var file = place(PATIENT, Duration.ofMillis(300), Secrets.none()).open(location())) {
            server.stop();

            assertThatIOException().isThrownBy(() -> read(file, 0, 10))
                    .withMessageStartingWith("place archive: %s: must be readable but was not for 0.3s",
                            location());
        }
    }

    static Stream<Arguments> changes() {
        return Stream.of(
                Arguments.of("another ETag", (Change) (server, _) -> server.etag = "\"v2\""),
                Arguments.of("a server that ignores If-Match", (Change) (server, content) -> {
                    server.next((exchange, part) -> {
                        exchange.getResponseHeaders().set("ETag", "\"v2\"");
                        exchange.sendResponseHeaders(206, part.length);
                        exchange.getResponseBody().write(part);
                    });
                }),
                Arguments.of("another length", (Change) (server, content) -> server.put("/backups/disk.raw",
                        Arrays.copyOf(content, 5_000_000))));
    }

    interface Change {
        void happen(WebServer server, byte[] content);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("changes")
    void aFileThatChangedIsNotRead(String name, Change change) throws IOException {
        try (var file = open()) {
            change.happen(server, content);

            assertThatIOException().isThrownBy(() -> read(file, 0, 10)).withMessageContaining(
                    "the backup has been changed");
        }
    }

    @Test
    void aFileWithoutAStrongETagIsPinnedByItsDate() throws IOException {
        server.etag = "W/\"weak\"";
        try (var file = open()) {
            assertThat(read(file, 0, 10)).isEqualTo(expected(0, 10));
            server.lastModified = "Wed, 25 Nov 2026 10:00:01 GMT";

            assertThatIOException().isThrownBy(() -> read(file, 0, 10)).withMessageContaining(
                    "the backup has been changed");
        }
    }

    @Test
    void theIdentityIsThatOfTheVersion() throws IOException {
        String first;
        try (var file = open()) {
            first = file.identity();
            assertThat(first).isEqualTo("http-6000000-\"v1\"");
        }
        server.etag = "\"v2\"";
        try (var file = open()) {
            assertThat(file.identity()).isNotEqualTo(first);
        }
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                Arguments.of("gives the whole file", (WebServer.Fault) (exchange, part) -> {
                    exchange.sendResponseHeaders(200, 1L << 40);
                    exchange.getResponseBody().write(part);
                    exchange.getResponseBody().flush();
                }),
                Arguments.of("but says ''", header("Content-Range", "")),
                Arguments.of("as asked for, but is 'bytes 1-1/6000000'", header("Content-Range",
                        "bytes 1-1/6000000")),
                Arguments.of("comes encoded as 'gzip'", header("Content-Encoding", "gzip")),
                Arguments.of("must be an image but is empty", status(416)),
                Arguments.of("check the credentials", status(403)),
                Arguments.of("answers with HTTP 418", status(418)),
                Arguments.of("sends neither", (WebServer.Fault) (exchange, part) -> {
                    exchange.getResponseHeaders().remove("ETag");
                    exchange.getResponseHeaders().remove("Last-Modified");
                    exchange.sendResponseHeaders(206, part.length);
                    exchange.getResponseBody().write(part);
                }),
                Arguments.of("must be at most 120 characters",
                        header("ETag", "\"" + "x".repeat(200) + "\"")));
    }

    private static WebServer.Fault header(String name, String value) {
        return (exchange, part) -> {
            exchange.getResponseHeaders().set(name, value);
            exchange.sendResponseHeaders(206, part.length);
            exchange.getResponseBody().write(part);
        };
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusals")
    void refusesAtOpening(String message, WebServer.Fault fault) {
        server.next(fault);

        assertThatIOException().isThrownBy(this::open).withMessageStartingWith("place archive: " + location())
                .withMessageContaining(message);
    }

    @Test
    void aFileThatIsNotThereIsNotFound() {
        assertThatExceptionOfType(BackupNotFoundException.class).isThrownBy(() -> place().open(server.uri(
                "/backups/missing").toString())).withMessageContaining("there is no such file (HTTP 404)");
    }

    @Test
    void sendsTheUserOfTheCredentialsFileAndTakesARenewedOne() throws IOException {
        var file = Files.writeString(folder.resolve("credentials"), "user=bob\npassword=a:b=c\\d \n");
        try (var opened = place(PATIENT, PATIENT, new Secrets(Optional.of(file), Optional.empty())).open(
                location())) {
            Files.writeString(file, "# renewed\nuser=bob\npassword=new");
            read(opened, 0, 10);
        }
        assertThat(server.authorizations()).containsExactly("Basic Ym9iOmE6Yj1jXGQ=", "Basic Ym9iOm5ldw==");
    }

    @Test
    void coversWhatIsBelowItAndNothingElse() {
        var place = place();

        assertThat(place.covers(server.uri("/backups/a/b%20c.qcow2").toString())).isTrue();
        for (var outside : List.of(server.uri("/other").toString(), server.uri("/backups/../x").toString(),
                server.uri("/backups/%2e%2e/x").toString(), server.uri("/backups/x?sig=1").toString(),
                server.uri("/backups/x").toString().replace("//", "//user:pw@"),
                "https://127.0.0.1/backups/x", "http://127.0.0.1:1/backups/x", "/backups/disk.raw")) {
            assertThat(place.covers(outside)).as(outside).isFalse();
            assertThatExceptionOfType(OutsidePlacesException.class).isThrownBy(() -> {
                try (var places = new org.vmfinalize.places.Places(List.of(place()))) {
                    places.open(outside).close();
                }
            });
        }
    }

    @Test
    void credentialsAreNotSentInTheClear() {
        assertThatIllegalArgumentException().isThrownBy(() -> new HttpPlace("x", URI.create(
                "http://host.example.org/"), List.of(), new Secrets(Optional.empty(), Optional.of("X")),
                new ServerTrust(Optional.empty(), Optional.empty()), PATIENT, new Link("x", 1, PATIENT),
                ReadThrough.straight()).close()).withMessageContaining("in the clear");
    }

    @Test
    void listsWhatTheIndexPageLinksTo() throws IOException {
        server.put("/backups/", """
                <html><a href="../">up</a> <a href="disk.raw">disk</a> <a href='sub/'>sub</a>
                <a href="a%20b.qcow2">x</a> <a href="https://elsewhere/x">x</a> <a href="?C=N;O=D">sort</a>
                """.getBytes(java.nio.charset.StandardCharsets.UTF_8));

        assertThat(place().list(10).files()).extracting(Listing.Item::name).containsExactly("a b.qcow2",
                "disk.raw");
    }

    @Test
    void tellsThatAPlaceHasNoIndexPage() {
        assertThatIOException().isThrownBy(() -> place().list(10)).withMessageContaining(
                "must be a folder with an index page to be listed but the server answers with HTTP 404");
    }
}
