package org.vmfinalize.places.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmfinalize.places.Content;
import org.vmfinalize.places.remote.Link;
import org.vmfinalize.places.remote.ReadThrough;
import org.vmfinalize.places.secret.Secrets;
import org.vmfinalize.trust.ServerTrust;

/// Reads objects of S3Proxy over a link that breaks down.
class S3FaultsTest {

    private static final String LOCATION = "s3://archive/vms/disk.raw";
    private static final Duration PATIENT = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private byte[] content;
    private S3Store store;
    private FaultyLink faulty;

    @BeforeEach
    void start() throws Exception {
        content = new byte[5_000_000];
        new Random(12).nextBytes(content);
        store = S3Store.start(Files.createDirectory(folder.resolve("store")));
        store.put("vms/disk.raw", content);
        faulty = new FaultyLink(store.endpoint());
    }

    @AfterEach
    void stop() throws Exception {
        faulty.close();
        store.close();
    }

    private S3Place place(URI endpoint, Duration retryFor) throws IOException {
        var file = Files.writeString(folder.resolve("credentials"), "access-key-id=%s\nsecret-access-key=%s\n"
                .formatted(S3Store.ACCESS_KEY, S3Store.SECRET_KEY));
        return new S3Place("cloud", URI.create("s3://archive/vms/"), new S3Server(Optional.of(endpoint),
                "us-east-1", true), new Secrets(Optional.of(file), Optional.empty()),
                new ServerTrust(Optional.empty(), Optional.empty()), PATIENT, new Link("cloud", 32, retryFor),
                ReadThrough.straight());
    }

    @Test
    void aBodyThatBreaksOffIsReadToItsEnd() throws IOException {
        try (var place = place(faulty.endpoint(), PATIENT); var file = place.open(LOCATION)) {
            faulty.breakAfter(1_000_000);

            assertThat(Content.read(file, content.length)).isEqualTo(content);
            assertThat(faulty.broke()).isTrue();
        }
    }

    @Test
    void aServerThatIsBusyIsAskedAgain() throws IOException {
        try (var place = place(faulty.endpoint(), PATIENT); var file = place.open(LOCATION)) {
            faulty.beBusy(3);

            assertThat(Content.read(file, 1 << 20)).isEqualTo(content);
            assertThat(faulty.refused()).isEqualTo(3);
        }
    }

    @Test
    void aServerThatStaysBusyIsNamed() throws IOException {
        try (var place = place(faulty.endpoint(), Duration.ofMillis(500)); var file = place.open(LOCATION)) {
            faulty.beBusy(Integer.MAX_VALUE);

            assertThatIOException().isThrownBy(() -> file.read(ByteBuffer.allocate(100), 0))
                    .withMessageStartingWith(
                            "place cloud: " + LOCATION + ": must be readable but was not for 0.5s: ");
            assertThat(faulty.refused()).isPositive();
        }
    }

    @Test
    void whatIsReplacedDuringAnOutageIsNotMixedWithWhatWasReadBefore() throws IOException {
        try (var place = place(faulty.endpoint(), PATIENT); var file = place.open(LOCATION)) {
            faulty.breakAfter(1_000_000);
            byte[] other = content.clone();
            other[content.length - 1]++;
            store.put("vms/disk.raw", other);

            assertThatIOException().isThrownBy(() -> Content.read(file, content.length))
                    .withMessageContaining("the backup has been changed");
        }
    }

    /// S3Proxy keeps no versions, so this server says that it does.
    @Test
    void everyReadOfABucketWithVersionsIsOfTheOneThatWasOpened() throws IOException {
        var asked = new CopyOnWriteArrayList<String>();
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        server.createContext("/", exchange -> serveVersion(exchange, asked));
        server.start();
        try (var place = place(URI.create("http://127.0.0.1:" + server.getAddress().getPort()), PATIENT);
                var file = place.open(LOCATION)) {
            byte[] read = new byte[50];
            file.read(ByteBuffer.wrap(read), 100);

            assertThat(read).isEqualTo(Arrays.copyOfRange(content, 100, 150));
            assertThat(asked).isEqualTo(List.of("HEAD null", "GET versionId=v-17"));
        } finally {
            server.stop(0);
        }
    }

    private void serveVersion(HttpExchange exchange, List<String> asked) throws IOException {
        try (exchange) {
            boolean head = exchange.getRequestMethod().equals("HEAD");
            asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI().getQuery());
            exchange.getResponseHeaders().set("ETag", "\"e\"");
            exchange.getResponseHeaders().set("x-amz-version-id", "v-17");
            if (head) {
                exchange.getResponseHeaders().set("Content-Length", String.valueOf(content.length));
                exchange.sendResponseHeaders(200, -1);
            } else {
                exchange.getResponseHeaders().set("Content-Range", "bytes 100-149/" + content.length);
                exchange.sendResponseHeaders(206, 50);
                exchange.getResponseBody().write(content, 100, 50);
            }
        }
    }
}
