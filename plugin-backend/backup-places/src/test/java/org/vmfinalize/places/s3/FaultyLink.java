package org.vmfinalize.places.s3;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Passes what comes to a server and back, and breaks down as a test tells it.
final class FaultyLink implements AutoCloseable {

    private static final String BUSY = """
            HTTP/1.1 503 Slow Down\r
            Content-Type: application/xml\r
            Content-Length: 70\r
            Connection: close\r
            \r
            <Error><Code>SlowDown</Code><Message>reduce the rate</Message></Error>""".stripTrailing();

    private final int target;
    private final ServerSocket listener;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicLong passing = new AtomicLong(Long.MAX_VALUE);
    private final AtomicInteger busy = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();

    FaultyLink(URI server) throws IOException {
        this.target = server.getPort();
        this.listener = new ServerSocket();
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        threads.execute(this::accept);
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort());
    }

    /// Lets so many bytes of answers pass and then breaks all connections, once.
    void breakAfter(long bytes) {
        passing.set(bytes);
    }

    /// Answers the next connections with 503, and breaks those that are open.
    void beBusy(int times) throws IOException {
        busy.set(times);
        breakAll();
    }

    /// How often it was busy.
    int refused() {
        return refused.get();
    }

    boolean broke() {
        return passing.get() == Long.MAX_VALUE;
    }

    private void breakAll() throws IOException {
        for (var socket : open) {
            socket.close();
        }
    }

    private void accept() {
        try {
            while (true) {
                var client = listener.accept();
                open.add(client);
                threads.execute(() -> serve(client));
            }
        } catch (IOException _) {
            // Closed.
        }
    }

    private void serve(Socket client) {
        try (client) {
            if (busy.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                refused.incrementAndGet();
                client.getInputStream().read(new byte[64 << 10]);
                client.getOutputStream().write(BUSY.getBytes(StandardCharsets.US_ASCII));
                return;
            }
            try (var server = new Socket(InetAddress.getLoopbackAddress(), target)) {
                open.add(server);
                threads.execute(() -> passRequests(client, server));
                passAnswers(server.getInputStream(), client);
            }
        } catch (IOException _) {
            // Broken, as it was told or by the client.
        } finally {
            open.remove(client);
        }
    }

    private static void passRequests(Socket client, Socket server) {
        try {
            client.getInputStream().transferTo(server.getOutputStream());
            server.shutdownOutput();
        } catch (IOException _) {
            // The other direction ends it.
        }
    }

    private void passAnswers(InputStream answers, Socket client) throws IOException {
        byte[] buffer = new byte[16 << 10];
        for (int read = answers.read(buffer); read >= 0; read = answers.read(buffer)) {
            if (passing.get() != Long.MAX_VALUE && passing.addAndGet(-read) <= 0) {
                passing.set(Long.MAX_VALUE);
                breakAll();
                throw new SocketException("broken");
            }
            client.getOutputStream().write(buffer, 0, read);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        breakAll();
        threads.shutdownNow();
    }
}
