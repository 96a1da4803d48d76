package org.vmfinalize.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/// Gives ranges of a folder's files as a web server does, which is also all that an S3 server must do to be read.
final class BucketServer implements AutoCloseable {

    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d+)");

    private final Path folder;
    private final HttpServer server;
    private final AtomicLong sent = new AtomicLong();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final AtomicInteger atOnce = new AtomicInteger();
    private final AtomicInteger mostAtOnce = new AtomicInteger();
    private volatile CountDownLatch others = new CountDownLatch(0);
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

    /// A range of a file that was asked for.
    record Asked(String file, long start, long end) {}

    List<Asked> asked() {
        return List.copyOf(asked);
    }

    /// From now on nothing is answered before `requests` have come; a client that does not send so many is answered all the
    /// same, after a while.
    void answerTogether(int requests) {
        others = new CountDownLatch(requests);
    }

    /// Waits until as many have come.
    void awaitTogether() throws InterruptedException {
        if (!others.await(60, TimeUnit.SECONDS)) {
            throw new AssertionError("%d requests more were expected".formatted(others.getCount()));
        }
    }

    /// How many requests were waiting for an answer at the same time.
    int mostAtOnce() {
        return mostAtOnce.get();
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
            long size = Files.size(file);
            exchange.getResponseHeaders().set("ETag",
                    "\"%d-%d\"".formatted(size, Files.getLastModifiedTime(file).toMillis()));
            var range = RANGE.matcher(String.valueOf(exchange.getRequestHeaders().getFirst("Range")));
            if (exchange.getRequestMethod().equals("HEAD")) {
                exchange.getResponseHeaders().set("Content-Length", String.valueOf(size));
                exchange.sendResponseHeaders(200, -1);
            } else if (range.matches()) {
                long start = Long.parseLong(range.group(1));
                long end = Math.min(size, Long.parseLong(range.group(2)) + 1);
                asked.add(new Asked(String.valueOf(file.getFileName()), start, end));
                mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
                waitForOthers();
                atOnce.decrementAndGet();
                exchange.getResponseHeaders().set("Content-Range", "bytes %d-%d/%d".formatted(start, end - 1,
                        size));
                exchange.sendResponseHeaders(206, end - start);
                exchange.getResponseBody().write(part(file, start, (int) (end - start)));
                sent.addAndGet(end - start);
            } else {
                exchange.sendResponseHeaders(400, -1);
            }
        }
    }

    private static byte[] part(Path file, long start, int length) throws IOException {
        try (var raw = new RandomAccessFile(file.toFile(), "r")) {
            byte[] bytes = new byte[length];
            raw.seek(start);
            raw.readFully(bytes);
            return bytes;
        }
    }

    private void waitForOthers() {
        var expected = others;
        expected.countDown();
        try {
            var _ = expected.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
