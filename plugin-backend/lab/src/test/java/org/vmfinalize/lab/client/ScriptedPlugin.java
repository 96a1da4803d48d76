package org.vmfinalize.lab.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import org.vmfinalize.server.tls.SelfSignedCertificate;
import org.vmfinalize.vcenter.Extension;

/// A plugin's server whose answers the test writes; the pages that it serves are the real ones.
final class ScriptedPlugin implements AutoCloseable {

    /// The header that the plugin server sends with its pages.
    private static final String POLICY = "default-src 'self'; frame-ancestors 'self'; base-uri 'self'; "
            + "img-src 'self' data:; font-src 'self' data:; style-src 'self'; object-src 'none'; form-action 'self'";
    private static final Map<String, String> TYPES = Map.of("html", "text/html", "js", "text/javascript",
            "css", "text/css",
            "png", "image/png", "svg", "image/svg+xml", "json", "application/json");

    record Reply(int status, String type, String body) {

        static Reply json(String body) {
            return new Reply(200, "application/json", body);
        }

        static Reply problem(int status, String name, String detail) {
            return new Reply(status, "application/problem+json",
                    "{\"type\":\"/problems/%s\",\"status\":%d,\"detail\":\"%s\"}".formatted(name, status,
                            detail));
        }
    }

    record Received(String call, String token, String body) {}

    /// Answers by method and path, such as `GET /api/v1/instant-vms`.
    final ConcurrentMap<String, Reply> replies = new ConcurrentHashMap<>();
    /// What came in that was no file.
    final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
    /// Texts to send to whoever reads an event stream; an empty one ends it.
    final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    /// The same for the stream of all changes; nothing is scripted for it until there is something in it.
    final BlockingQueue<String> allEvents = new LinkedBlockingQueue<>();
    /// Behind which event each reader of that stream goes on; empty for one that begins.
    final BlockingQueue<String> continued = new LinkedBlockingQueue<>();

    /// Made once: that takes a second.
    private static final SelfSignedCertificate CERTIFICATE = SelfSignedCertificate
            .create(List.of("127.0.0.1"));

    private final HttpsServer server;
    private final ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();

    ScriptedPlugin() throws IOException {
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(CERTIFICATE.serverContext()));
        server.setExecutor(requests);
        server.createContext("/", this::handle);
        server.start();
    }

    String url() {
        return "https://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    /// The extension as the plugin server registers it.
    Extension extension() {
        return extension(CERTIFICATE.thumbprint());
    }

    Extension extension(String thumbprint) {
        return extension("org.vmfinalize", "plugin.json", thumbprint);
    }

    /// Another extension of this server, with a manifest of its own.
    Extension otherExtension(String key, String manifest) {
        return extension(key, manifest, CERTIFICATE.thumbprint());
    }

    private Extension extension(String key, String path, String thumbprint) {
        var manifest = new Extension.Server(url() + path, "MANIFEST_SERVER",
                List.of("admin@example.org"),
                Optional.of(thumbprint));
        return new Extension(key, "0.1.0", "vm-finalize", "VM Finalize", "Finalizes VMs",
                List.of(manifest),
                List.of(new Extension.Client(url() + path, "vsphere-client-remote")), List.of(),
                List.of(),
                List.of(), List.of(), List.of(),
                List.of(new Extension.ManagedEntity("instant-vm", url() + "images/instant-vm-16.png",
                        url() + "images/instant-vm.png", "This virtual machine runs from a backup.")));
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String call = exchange.getRequestMethod() + " " + path;
            exchange.getResponseHeaders().set("Content-Security-Policy", POLICY);
            if (!path.startsWith("/api/") && !path.startsWith("/dynamic/")
                    && !replies.containsKey(call)) {
                file(exchange, path);
                return;
            }
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            received.add(
                    new Received(call, exchange.getRequestHeaders().getFirst("vmware-api-session-id"), body));
            if (path.matches(".*/finalizations/.*/events")) {
                stream(exchange, events);
            } else if (path.equals("/api/v1/events") && !allEvents.isEmpty()) {
                continued.add(exchange.getRequestHeaders().getFirst("Last-Event-ID") == null
                        ? ""
                        : exchange.getRequestHeaders().getFirst("Last-Event-ID"));
                stream(exchange, allEvents);
            } else {
                Reply reply = replies.getOrDefault(call,
                        Reply.problem(404, "not-found", call + " is not scripted"));
                send(exchange, reply.status(), reply.type(), reply.body().getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private static void stream(HttpExchange exchange, BlockingQueue<String> events) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            for (String event = events.take(); !event.isEmpty(); event = events.take()) {
                out.write(event.getBytes(StandardCharsets.UTF_8));
                out.flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void file(HttpExchange exchange, String path) throws IOException {
        try (InputStream content = ScriptedPlugin.class.getResourceAsStream("/META-INF/resources" + path)) {
            if (content == null) {
                send(exchange, 404, "text/plain", new byte[0]);
            } else {
                String ending = path.substring(path.lastIndexOf('.') + 1);
                send(exchange, 200, TYPES.getOrDefault(ending, "application/octet-stream"),
                        content.readAllBytes());
            }
        }
    }

    private static void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        requests.shutdownNow();
    }
}
