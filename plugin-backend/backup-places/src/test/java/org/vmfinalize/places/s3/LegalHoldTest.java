package org.vmfinalize.places.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vmfinalize.backup.Backup;
import org.vmfinalize.places.secret.Secrets;
import org.vmfinalize.trust.ServerTrust;

/// What is sent to a server to hold an object. S3Proxy has no object lock, so the server here keeps what it is told and
/// gives it back.
class LegalHoldTest {

    private static final String NO_TAGS = "<Tagging><TagSet></TagSet></Tagging>";

    private HttpServer server;
    private LegalHold hold;
    private String tags = NO_TAGS;
    private String legalHold = "";
    private boolean locks = true;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        server.createContext("/", this::serve);
        server.start();
        var s3 = new S3Server(Optional.of(URI.create("http://127.0.0.1:" + server.getAddress().getPort())),
                "us-east-1", true);
        var client = S3Clients.client(s3, Secrets.none(), new ServerTrust(Optional.empty(), Optional.empty()),
                Duration.ofSeconds(10));
        hold = new LegalHold(client, new Bucket("archive", "disk"), Optional.empty());
    }

    @AfterEach
    void stop() {
        hold.client().close();
        server.stop(0);
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            String what = String.valueOf(exchange.getRequestURI().getQuery());
            String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            boolean put = exchange.getRequestMethod().equals("PUT");
            if (what.startsWith("tagging")) {
                tags = put ? body : tags;
                answer(exchange, 200, put ? "" : tags);
            } else if (!locks) {
                answer(exchange, 400,
                        "<Error><Code>InvalidRequest</Code><Message>no object lock</Message></Error>");
            } else {
                legalHold = put ? body : legalHold;
                boolean unknown = !put && legalHold.isEmpty();
                answer(exchange, unknown ? 404 : 200, put ? "" : legalHold);
            }
        }
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static Backup.Holder holder(String id) {
        return new Backup.Holder(id, "instant VM 'web <01>' runs from it", Instant.parse(
                "2026-11-25T10:00:00Z"));
    }

    @Test
    void holdsUntilTheLastHolderGoes() throws IOException {
        hold.hold(holder("a"));
        hold.hold(holder("b"));
        hold.hold(holder("a"));
        assertThat(legalHold).contains("<Status>ON</Status>");
        assertThat(tags).containsOnlyOnce("vm-finalize-holder-a").contains("vm-finalize-holder-b").contains(
                "instant VM  web  01   runs from it since 2026-11-25T10:00:00Z");

        hold.release("a");
        assertThat(legalHold).contains("<Status>ON</Status>");
        hold.release("b");
        assertThat(legalHold).contains("<Status>OFF</Status>");
        assertThat(tags).doesNotContain("vm-finalize");
    }

    @Test
    void leavesAHoldThatWasThereBefore() throws IOException {
        legalHold = "<LegalHold><Status>ON</Status></LegalHold>";

        hold.hold(holder("a"));
        hold.release("a");

        assertThat(legalHold).contains("<Status>ON</Status>");
        assertThat(tags).doesNotContain("vm-finalize");
    }

    @Test
    void releasingWhatIsNotHeldChangesNothing() throws IOException {
        hold.release("a");

        assertThat(legalHold).isEmpty();
    }

    @Test
    void keepsTheTagsOfOthers() throws IOException {
        tags = "<Tagging><TagSet><Tag><Key>team</Key><Value>x</Value></Tag></TagSet></Tagging>";

        hold.hold(holder("a"));
        hold.release("a");

        assertThat(tags).contains("<Key>team</Key>").doesNotContain("vm-finalize");
    }

    @Test
    void tellsThatABucketHasNoObjectLock() {
        locks = false;

        assertThatIOException().isThrownBy(() -> hold.hold(holder("a"))).withMessageStartingWith(
                "s3://archive/disk: the object cannot be put on legal hold: the server answers with HTTP 400 InvalidRequest");
    }
}
