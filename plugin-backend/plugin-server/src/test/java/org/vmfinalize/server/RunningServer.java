package org.vmfinalize.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.vmfinalize.disk.Volume;
import org.vmfinalize.vcenter.VCenterConnector;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The whole server, with its own HTTPS on a free port, its own NFS and its own data directory, and a client for it, which
/// compares every exchange with the server's description of itself.
final class RunningServer implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    final Path data;
    final Path datastore;
    private final ConfigurableApplicationContext context;
    private final HttpClient client;
    private final String base;
    private @Nullable String token;
    private volatile @Nullable DescribedExchanges described;

    private RunningServer(Path folder, ConfigurableApplicationContext context) throws Exception {
        this.data = folder.resolve("data");
        this.datastore = folder.resolve("ds1");
        this.context = context;
        this.base = "https://127.0.0.1:"
                + JSON.readTree(data.resolve("ports.json").toFile()).get("https").asInt();
        this.client = HttpClient.newBuilder().sslContext(trusting(data.resolve("server.pem"))).build();
    }

    /// Starts a server in `folder`, with the datastore `ds1` there.
    ///
    /// @param vcenter none: the one that the settings name
    static RunningServer start(Path folder, @Nullable VCenterConnector vcenter, String... settings)
            throws Exception {
        return start(folder, vcenter, Volume.local(), settings);
    }

    /// The same with a clock for tests.
    static RunningServer start(Path folder, VCenterConnector vcenter, Clock clock) throws Exception {
        return start(folder, context -> {
            register(context, vcenter, Volume.local());
            context.registerBean(Clock.class, () -> clock, bean -> bean.setPrimary(true));
        });
    }

    /// The same on a file system for tests.
    static RunningServer start(Path folder, @Nullable VCenterConnector vcenter, Volume volume,
            String... settings) throws Exception {
        return start(folder, context -> register(context, vcenter, volume), settings);
    }

    private static RunningServer start(Path folder, Consumer<GenericApplicationContext> parts,
            String... settings) throws Exception {
        Files.createDirectories(folder);
        var password = folder.resolve("password");
        Files.writeString(password, "ezilanif-mv\n");
        var arguments = new ArrayList<>(List.of("--server.port=0", "--vmfinalize.nfs.port=0",
                "--vmfinalize.nfs.mount-port=0", "--vmfinalize.nfs.portmapper-port=0",
                "--vmfinalize.data-directory=" + folder.resolve("data"),
                "--vmfinalize.backup-directories[0]=" + folder,
                "--vmfinalize.datastores[0].name=ds1",
                "--vmfinalize.datastores[0].directory=" + folder.resolve("ds1"),
                "--vmfinalize.vcenter.user=" + MemoryVCenter.SERVICE_USER,
                "--vmfinalize.vcenter.password-file=" + password));
        arguments.addAll(List.of(settings));
        var context = new SpringApplicationBuilder(PluginServer.class)
                .initializers((GenericApplicationContext c) -> parts.accept(c))
                .run(arguments.toArray(String[]::new));
        return new RunningServer(folder, context);
    }

    private static void register(GenericApplicationContext context, @Nullable VCenterConnector vcenter,
            Volume volume) {
        context.registerBean(Volume.class, () -> volume);
        if (vcenter != null) {
            context.registerBean(VCenterConnector.class, () -> vcenter);
        }
    }

    private static SSLContext trusting(Path pem) throws Exception {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (InputStream in = Files.newInputStream(pem)) {
            store.setCertificateEntry("server",
                    CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(store);
        var context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    /// Logs in; the requests that follow are this user's.
    RunningServer as(String user, String password) throws Exception {
        token = null;
        var answer = post("/api/v1/sessions",
                "{\"userName\":\"%s\",\"password\":\"%s\"}".formatted(user, password));
        token = answer.json().get("token").asString();
        return this;
    }

    RunningServer asNobody() {
        token = null;
        return this;
    }

    Answer get(String path, String... headers) throws Exception {
        return send("GET", path, null, headers);
    }

    Answer post(String path, @Nullable String body, String... headers) throws Exception {
        return send("POST", path, body, headers);
    }

    Answer send(String method, String path, @Nullable String body, String... headers) throws Exception {
        var response = client.send(request(method, path, body, headers),
                HttpResponse.BodyHandlers.ofString(UTF_8));
        described().check(method, path, body, response);
        return new Answer(response);
    }

    /// The server's description of itself.
    DescribedExchanges described() throws Exception {
        var known = described;
        if (known == null) {
            known = new DescribedExchanges(client.send(
                    HttpRequest.newBuilder(URI.create(base + "/api/v1/openapi.json")).timeout(PATIENCE)
                            .build(),
                    HttpResponse.BodyHandlers.ofString(UTF_8)).body());
            described = known;
        }
        return known;
    }

    /// The whole of a stream of events, until the server ends it.
    List<JsonNode> events(String path) throws Exception {
        return open(path).toList();
    }

    /// A stream of events that has begun.
    Stream<JsonNode> open(String path) throws Exception {
        var response = client.send(request("GET", path, null), HttpResponse.BodyHandlers.ofLines());
        return response.body()
                .filter(line -> line.startsWith("data:"))
                .map(line -> JSON.readTree(line.substring("data:".length())));
    }

    /// A server-sent event with all that it carries.
    record ServerEvent(String id, String type, JsonNode data) {}

    /// A stream of events that has begun, with their ids and types.
    Stream<ServerEvent> listen(String path, String... headers) throws Exception {
        var response = client.send(request("GET", path, null, headers), HttpResponse.BodyHandlers.ofLines());
        if (response.statusCode() != 200) {
            throw new AssertionError("no stream but " + response.statusCode());
        }
        var fields = new HashMap<String, String>();
        return response.body().<ServerEvent>mapMulti((line, next) -> {
            int colon = line.indexOf(':');
            if (colon > 0) {
                fields.put(line.substring(0, colon), line.substring(colon + 1));
            } else if (line.isEmpty() && fields.containsKey("data")) {
                next.accept(new ServerEvent(fields.getOrDefault("id", ""), fields.getOrDefault("event", ""),
                        JSON.readTree(fields.get("data"))));
                fields.clear();
            }
        });
    }

    /// A connection on which a stream was asked for and nothing is read.
    SSLSocket askAndReadNothing(String path, String header) throws Exception {
        var address = URI.create(base);
        var raw = new Socket();
        raw.setReceiveBufferSize(4096);
        raw.connect(new InetSocketAddress(address.getHost(), address.getPort()));
        var socket = (SSLSocket) trusting(data.resolve("server.pem")).getSocketFactory().createSocket(raw,
                address.getHost(), address.getPort(), true);
        socket.setSoTimeout((int) PATIENCE.toMillis());
        socket.getOutputStream()
                .write("GET %s HTTP/1.1\r\nHost: server\r\nAuthorization: Bearer %s\r\n%s\r\n\r\n"
                        .formatted(path, token, header).getBytes(UTF_8));
        return socket;
    }

    private HttpRequest request(String method, String path, @Nullable String body, String... headers) {
        var publisher = body == null
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofString(body);
        var request = HttpRequest.newBuilder(URI.create(base + path)).timeout(PATIENCE).method(method,
                publisher);
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return request.build();
    }

    /// A finalization, once it fulfils `condition`; the progress stream is what is waited on.
    JsonNode await(String finalizationId, Predicate<JsonNode> condition) throws Exception {
        try (var events = open("/api/v1/finalizations/" + finalizationId + "/events")) {
            return events.filter(condition)
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("the stream ended before it was so"));
        }
    }

    @Override
    public void close() throws IOException {
        // In this order: the client waits for its open streams, which the server ends.
        context.close();
        client.close();
    }

    /// An answer and its parts.
    record Answer(HttpResponse<String> response) {

        int status() {
            return response.statusCode();
        }

        JsonNode json() {
            return JSON.readTree(response.body());
        }

        String text(String field) {
            return json().get(field).asString();
        }

        /// The last part of the problem's type; what must hold for every problem is looked at on the way.
        String problem() {
            var contentType = response.headers().firstValue("content-type").orElse("");
            if (!contentType.startsWith("application/problem+json")) {
                throw new AssertionError(
                        "no problem but " + status() + " " + contentType + ": " + response.body());
            }
            var json = json();
            var detail = json.get("detail").asString();
            if (json.get("status").asInt() != status() || detail.isBlank() || detail.contains("\n")
                    || detail.contains("Exception") || json.get("title").asString().isBlank()) {
                throw new AssertionError("not a proper problem: " + response.body());
            }
            return json.get("type").asString().replaceFirst("^/problems/", "");
        }
    }
}
