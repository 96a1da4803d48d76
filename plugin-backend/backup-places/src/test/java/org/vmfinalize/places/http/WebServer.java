package org.vmfinalize.places.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// A web server that gives ranges as it must, and misbehaves as a test tells it.
final class WebServer implements AutoCloseable {

    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d+)");

    private final Map<String, byte[]> files = new ConcurrentHashMap<>();
    private final Queue<Fault> faults = new ArrayDeque<>();
    private final List<String> authorizations = new CopyOnWriteArrayList<>();
    private final List<String> ranges = new CopyOnWriteArrayList<>();
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicInteger mostUnderWay = new AtomicInteger();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final @Nullable SSLContext tls;
    private HttpServer server;
    private int port;
    volatile String etag = "\"v1\"";
    volatile String lastModified = "Wed, 25 Nov 2026 10:00:00 GMT";
    volatile @Nullable CountDownLatch gate;

    /// What happens to one request instead of the right answer.
    interface Fault {
        void happen(HttpExchange exchange, byte[] part) throws IOException;
    }

    WebServer(@Nullable SSLContext tls) throws IOException {
        this.tls = tls;
        this.server = listen(0);
        this.port = server.getAddress().getPort();
    }

    private HttpServer listen(int wanted) throws IOException {
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted);
        HttpServer fresh;
        if (tls == null) {
            fresh = HttpServer.create(address, 100);
        } else {
            var secure = HttpsServer.create(address, 100);
            secure.setHttpsConfigurator(new HttpsConfigurator(tls));
            fresh = secure;
        }
        fresh.createContext("/", this::serve);
        fresh.setExecutor(threads);
        fresh.start();
        return fresh;
    }

    void stop() {
        server.stop(0);
    }

    void startAgain() throws IOException {
        server = listen(port);
    }

    URI uri(String path) {
        return URI.create("%s://127.0.0.1:%d%s".formatted(tls == null ? "http" : "https", port, path));
    }

    void put(String path, byte[] content) {
        files.put(path, content);
    }

    /// The next request meets `fault`, after those that were set before.
    synchronized void next(Fault fault) {
        faults.add(fault);
    }

    private synchronized @Nullable Fault fault() {
        return faults.poll();
    }

    List<String> authorizations() {
        return authorizations;
    }

    List<String> ranges() {
        return ranges;
    }

    int mostUnderWay() {
        return mostUnderWay.get();
    }

    private void serve(HttpExchange exchange) throws IOException {
        mostUnderWay.accumulateAndGet(underWay.incrementAndGet(), Math::max);
        try (exchange) {
            var held = gate;
            if (held != null) {
                held.countDown();
                await(held);
            }
            answer(exchange);
        } finally {
            underWay.decrementAndGet();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
        String asked = exchange.getRequestHeaders().getFirst("Range");
        byte[] file = files.get(exchange.getRequestURI().getPath());
        var fault = fault();
        if (file == null && fault == null) {
            exchange.sendResponseHeaders(404, -1);
            return;
        }
        var range = RANGE.matcher(String.valueOf(asked));
        byte[] part = file == null ? new byte[0] : file;
        exchange.getResponseHeaders().set("ETag", etag);
        exchange.getResponseHeaders().set("Last-Modified", lastModified);
        if (file != null && range.matches()) {
            ranges.add(asked);
            int start = Integer.parseInt(range.group(1));
            int end = Math.min(file.length, Integer.parseInt(range.group(2)) + 1);
            part = java.util.Arrays.copyOfRange(file, start, end);
            exchange.getResponseHeaders().set("Content-Range", "bytes %d-%d/%d".formatted(start, end - 1,
                    file.length));
        }
        if (fault != null) {
            fault.happen(exchange, part);
            return;
        }
        String wanted = exchange.getRequestHeaders().getFirst("If-Match");
        String unmodified = exchange.getRequestHeaders().getFirst("If-Unmodified-Since");
        if ((wanted != null && !wanted.equals(etag)) || (unmodified != null && !unmodified.equals(
                lastModified))) {
            exchange.sendResponseHeaders(412, -1);
            return;
        }
        exchange.sendResponseHeaders(range.matches() ? 206 : 200, part.length);
        exchange.getResponseBody().write(part);
    }

    /// Stalls until the server is closed.
    void stall() {
        await(closing);
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
