package org.vmfinalize.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/// Gives ranges of a folder's files as a web server does, which is also all that an S3 server must do to be read.
final class BucketServer implements AutoCloseable {

    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d+)");

    private final Path folder;
    private final HttpServer server;
    private final AtomicLong sent = new AtomicLong();
    private final List<String> authorizations = new CopyOnWriteArrayList<>();

    BucketServer(Path folder) throws IOException {
        this.folder = folder;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.createContext("/", this::serve);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    String uri() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /// How many bytes of files were sent.
    long sent() {
        return sent.get();
    }

    List<String> authorizations() {
        return authorizations;
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            Path file = folder.resolve(exchange.getRequestURI().getPath().substring(1));
            if (!Files.isRegularFile(file)) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            byte[] bytes = Files.readAllBytes(file);
            exchange.getResponseHeaders().set("ETag", "\"%d\"".formatted(Arrays.hashCode(bytes)));
            var range = RANGE.matcher(String.valueOf(exchange.getRequestHeaders().getFirst("Range")));
            if (exchange.getRequestMethod().equals("HEAD")) {
                exchange.getResponseHeaders().set("Content-Length", String.valueOf(bytes.length));
                exchange.sendResponseHeaders(200, -1);
            } else if (range.matches()) {
                int start = Integer.parseInt(range.group(1));
                int end = Math.min(bytes.length, Integer.parseInt(range.group(2)) + 1);
                exchange.getResponseHeaders().set("Content-Range", "bytes %d-%d/%d".formatted(start, end - 1,
                        bytes.length));
                exchange.sendResponseHeaders(206, end - start);
                exchange.getResponseBody().write(bytes, start, end - start);
                sent.addAndGet(end - start);
            } else {
                exchange.sendResponseHeaders(400, -1);
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
