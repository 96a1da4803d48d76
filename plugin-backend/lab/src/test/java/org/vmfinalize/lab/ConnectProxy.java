package org.vmfinalize.lab;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A proxy as companies have them: it makes tunnels to anywhere for who logs in, and knows what it was asked.
///
/// **Threads:** one that accepts, two for each tunnel; all end with [#close()].
public final class ConnectProxy implements AutoCloseable {

    private static final int LONGEST_REQUEST = 16 << 10;

    private final ServerSocket socket;
    private final Optional<String> authorization;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();

    private ConnectProxy(Optional<String> authorization) throws IOException {
        this.authorization = authorization;
        this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    /// One that lets only this user through.
    public static ConnectProxy wanting(String user, String password) throws IOException {
        return new ConnectProxy(Optional.of("Basic " + Base64.getEncoder()
                .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8))));
    }

    /// Where it is.
    public URI address() {
        return URI.create("http://127.0.0.1:" + socket.getLocalPort());
    }

    /// What it was asked and how it answered, such as `CONNECT 127.0.0.1:443 200`.
    public List<String> asked() {
        return List.copyOf(asked);
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                var client = socket.accept();
                open.add(client);
                threads.execute(() -> serve(client));
            } catch (IOException _) {
                // It was closed.
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            var lines = head(client.getInputStream()).split("\r\n", -1);
            var words = lines[0].split(" ", -1);
            var status = status(words[0], lines);
            asked.add("%s %s %d".formatted(words[0], words[1], status));
            if (status != 200) {
                say(client,
                        "%d No\r\nProxy-Authenticate: Basic realm=\"lab\"\r\nContent-Length: 0\r\nConnection: close"
                                .formatted(status));
                return;
            }
            var colon = words[1].lastIndexOf(':');
            try (var server = new Socket(words[1].substring(0, colon),
                    Integer.parseInt(words[1].substring(colon + 1)))) {
                open.add(server);
                say(client, "200 Connection established");
                threads.execute(() -> copy(server, client));
                copy(client, server);
            }
        } catch (IOException _) {
            // Either side went away.
        }
    }

    private int status(String method, String[] lines) {
        if (!method.equals("CONNECT")) {
            return 405;
        }
        boolean known = authorization.isEmpty() || List.of(lines).stream().anyMatch(
                line -> line.equalsIgnoreCase("Proxy-Authorization: " + authorization.get()));
        return known ? 200 : 407;
    }

    private static String head(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0 || head.length() == LONGEST_REQUEST) {
                throw new IOException("no request");
            }
            head.append((char) next);
        }
        return head.toString();
    }

    private static void say(Socket client, String answer) throws IOException {
        OutputStream out = client.getOutputStream();
        out.write("HTTP/1.1 %s\r\n\r\n".formatted(answer).getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    private static void copy(Socket from, Socket to) {
        try (from; to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException _) {
            // Either side went away.
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (var each : open) {
            each.close();
        }
        threads.close();
    }
}
