package org.vmfinalize.lab.client;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/// Publishes the servers of the registered plugins under `/plugins/` of this origin, as vCenter does.
///
/// Only registered servers are reached, and only when their certificate is the registered one. What comes is passed on
/// as it arrives, so event streams stay live.
///
/// **Threads:** any number.
final class PluginProxy implements HttpHandler, AutoCloseable {

    static final String ROOT = "/plugins/";

    private static final int MAX_REQUEST_BYTES = 1 << 20;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(60);
    private static final List<String> PASSED_TO_PLUGIN = List.of("Accept", "Accept-Language", "Content-Type",
            "If-None-Match", "If-Modified-Since", "Cache-Control", "Last-Event-ID", "vmware-api-session-id");
    /// These belong to one connection (RFC 9110, 7.6.1), or are made anew by this server.
    private static final Set<String> OF_ONE_CONNECTION = Set.of("connection", "keep-alive",
            "transfer-encoding", "te",
            "trailer", "upgrade", "proxy-authenticate", "content-length", "date", ":status");

    private final VSphere vsphere;
    private final ConcurrentMap<String, HttpClient> clientByThumbprint = new ConcurrentHashMap<>();

    PluginProxy(VSphere vsphere) {
        this.vsphere = vsphere;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getRawPath();
        Optional<PluginAddress> plugin = vsphere.extensions().stream()
                .flatMap(extension -> PluginAddress.of(extension).stream())
                .filter(each -> path.startsWith(each.path()))
                .findFirst();
        if (plugin.isEmpty()) {
            Answer.text(exchange, 404, "no registered plugin is published at " + path);
            return;
        }
        forward(exchange, plugin.get(), path.substring(plugin.get().path().length()));
    }

    private void forward(HttpExchange exchange, PluginAddress plugin, String path) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(MAX_REQUEST_BYTES + 1);
        if (body.length > MAX_REQUEST_BYTES) {
            Answer.text(exchange, 413, "a request may have 1 MiB at most");
            return;
        }
        HttpResponse<InputStream> answer;
        try {
            answer = client(plugin).send(request(exchange, plugin, path, body), BodyHandlers.ofInputStream());
        } catch (IOException | IllegalArgumentException e) {
            // The second: vCenter was told a thumbprint or an address that is none.
            Answer.text(exchange, 502,
                    "the plugin's server at %s does not answer: %s".formatted(plugin.server(), e));
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            Answer.text(exchange, 503, "the lab is shutting down");
            return;
        }
        passOn(answer, exchange);
    }

    private HttpRequest request(HttpExchange exchange, PluginAddress plugin, String path, byte[] body) {
        String query = exchange.getRequestURI().getRawQuery();
        URI target = URI.create(plugin.server() + path + (query == null ? "" : "?" + query));
        HttpRequest.Builder request = HttpRequest.newBuilder(target).timeout(ANSWER_TIMEOUT)
                .method(exchange.getRequestMethod(),
                        body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        for (String name : PASSED_TO_PLUGIN) {
            Optional.ofNullable(exchange.getRequestHeaders().getFirst(name))
                    .ifPresent(value -> request.header(name, value));
        }
        return request.build();
    }

    private static void passOn(HttpResponse<InputStream> answer, HttpExchange exchange) throws IOException {
        try (exchange; InputStream in = answer.body()) {
            Headers headers = exchange.getResponseHeaders();
            answer.headers().map().forEach((name, values) -> {
                if (!OF_ONE_CONNECTION.contains(name)) {
                    headers.put(name, values);
                }
            });
            boolean empty = answer.statusCode() == 204 || answer.statusCode() == 304
                    || exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(answer.statusCode(), empty ? -1 : 0);
            if (!empty) {
                copyAsItComes(in, exchange.getResponseBody());
            }
        }
    }

    private static void copyAsItComes(InputStream in, OutputStream out) throws IOException {
        byte[] buffer = new byte[16 * 1024];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            out.write(buffer, 0, read);
            out.flush();
        }
        out.close();
    }

    /// Fetches an image of a plugin, such as the icon of the objects that it manages.
    HttpResponse<byte[]> fetch(PluginAddress plugin, URI image) throws IOException, InterruptedException {
        return client(plugin).send(HttpRequest.newBuilder(image).timeout(CONNECT_TIMEOUT).build(),
                BodyHandlers.ofByteArray());
    }

    private HttpClient client(PluginAddress plugin) {
        return clientByThumbprint.computeIfAbsent(plugin.thumbprint(), thumbprint -> HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(PinnedCertificate.trusting(thumbprint))
                .connectTimeout(CONNECT_TIMEOUT)
                .build());
    }

    @Override
    public void close() {
        clientByThumbprint.values().forEach(HttpClient::shutdownNow);
    }
}
