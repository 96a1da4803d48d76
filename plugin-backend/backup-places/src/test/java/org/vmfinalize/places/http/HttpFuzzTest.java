package org.vmfinalize.places.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.code_intelligence.jazzer.api.BugDetectors;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.provider.MethodSource;
import org.vmfinalize.places.remote.Link;
import org.vmfinalize.places.remote.ReadThrough;
import org.vmfinalize.places.secret.Secrets;
import org.vmfinalize.trust.ServerTrust;

/// Whatever a web server answers: a file is read, or that fails with an [IOException]; nothing else is thrown.
class HttpFuzzTest {

    private static volatile byte[] answer = new byte[0];
    private static ServerSocket server;
    private static HttpPlace place;

    @BeforeAll
    static void start() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().start(HttpFuzzTest::serve);
        place = new HttpPlace("archive", uri(""), List.of(), Secrets.none(),
                new ServerTrust(Optional.empty(), Optional.empty()), Duration.ofSeconds(5),
                new Link("archive", 4, Duration.ofMillis(1)), ReadThrough.straight());
    }

    @AfterAll
    static void stop() throws IOException {
        place.close();
        server.close();
    }

    private static URI uri(String name) {
        return URI.create("http://127.0.0.1:%d/%s".formatted(server.getLocalPort(), name));
    }

    private static void serve() {
        while (!server.isClosed()) {
            try {
                var socket = server.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException _) {
                return; // the test is over
            }
        }
    }

    private static void serve(Socket socket) {
        try (socket; var in = socket.getInputStream(); var out = socket.getOutputStream()) {
            var head = new StringBuilder();
            while (!head.toString().endsWith("\r\n\r\n")) {
                int next = in.read();
                if (next < 0) {
                    return;
                }
                head.append((char) next);
            }
            out.write(answer);
        } catch (IOException _) {
            // The client hung up, as it may.
        }
    }

    /// Each request gets the input as its answer.
    @MethodSource("answers")
    @FuzzTest
    void anyAnswer(byte[] input) {
        answer = input;
        // Jazzer takes every connection for a finding unless told otherwise.
        BugDetectors.allowNetworkConnections((_, port) -> port == server.getLocalPort());
        try (var file = place.open(uri("disk.raw").toString())) {
            file.read(ByteBuffer.allocate((int) Math.min(file.size(), 70_000)), 0);
        } catch (IOException _) {
            // Refused, as it should be.
        }
        try {
            var _ = place.list(10);
        } catch (IOException _) {
            // The same.
        }
    }

    static Stream<byte[]> answers() {
        return Stream.of("", "HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 404 Gone\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 206 Partial\r\nETag: \"a\"\r\nContent-Range: bytes 0-0/1\r\nContent-Length: 1\r\n\r\nx",
                "HTTP/1.1 206 Partial\r\nETag: \"a\"\r\nContent-Range: bytes 0-0/9223372036854775807\r\nContent-Length: 1\r\n\r\nx",
                "HTTP/1.1 206 Partial\r\nETag: \"a\"\r\nContent-Range: bytes 0-0/99999999999999999999\r\nContent-Length: 1\r\n\r\nx",
                "HTTP/1.1 206 Partial\r\nContent-Range: bytes 5-1/*\r\nContent-Length: 1\r\n\r\nx",
                "HTTP/1.1 302 Found\r\nLocation: http://[\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 503 Busy\r\nRetry-After: 99999999999999999999\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 503 Busy\r\nRetry-After: Wed, 99 Foo 2026\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n<a href=\"disk.raw\">x</a><a href='%zz'>y</a>")
                .map(text -> text.getBytes(ISO_8859_1));
    }

    @MethodSource("pages")
    @FuzzTest
    void anyIndexPage(byte[] input) {
        var _ = IndexPage.listing(Address.of(URI.create("http://127.0.0.1/vms/")), ByteBuffer.wrap(input),
                10);
    }

    static Stream<byte[]> pages() {
        return Stream.of("<a href=\"disk.raw\">x</a>", "<a HREF = '%2e%2e'>", "<a href='%00 %zz'>",
                "href=\"\u0001\"",
                "<a href='a b%'>").map(text -> text.getBytes(ISO_8859_1));
    }
}
