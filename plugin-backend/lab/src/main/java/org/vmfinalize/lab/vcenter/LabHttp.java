package org.vmfinalize.lab.vcenter;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// The lab's vCenter over HTTPS on the loopback address.
///
/// **Threads:** one virtual thread per connection's request; closing interrupts those that wait.
final class LabHttp implements AutoCloseable {

    private static final int MAX_REQUEST = 1 << 20;
    private static final String COOKIE = "vmware_soap_session=";
    private static final List<String> VERSIONS = List.of("8.0.2.0", "8.0.1.0", "8.0.0.1", "7.0.3.0",
            "7.0.2.0", "6.7");
    private static final Pattern VC_GUID = Pattern.compile("\"vc_guid\"\\s*:\\s*\"([^\"]*)\"");

    private final World world;
    private final Sessions sessions;
    private final Methods methods;
    private final SessionMethods service;
    private final String instanceUuid;
    private final HttpsServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    LabHttp(SSLContext tls, int port, World world, Sessions sessions, Methods methods, SessionMethods service,
            String instanceUuid, LabTags tags) throws IOException {
        this.world = world;
        this.sessions = sessions;
        this.methods = methods;
        this.service = service;
        this.instanceUuid = instanceUuid;
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        server.setExecutor(threads);
        server.createContext("/sdk", this::sdk);
        server.createContext("/api/ui/vcenter/session/clone-ticket", this::cloneTicket);
        new AutomationHttp(world, sessions, tags).addTo(server);
    }

    void start() {
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    private void sdk(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String method = exchange.getRequestMethod();
        if (path.equals("/sdk/vimServiceVersions.xml") && method.equals("GET")) {
            send(exchange, 200, "text/xml; charset=utf-8", versions().getBytes(UTF_8));
        } else if (!path.equals("/sdk")) {
            send(exchange, 404, "text/plain", "404 page not found\n".getBytes(UTF_8));
        } else if (!method.equals("POST")) {
            send(exchange, 405, "text/plain", new byte[0]);
        } else {
            soap(exchange);
        }
    }

    private void soap(HttpExchange exchange) throws IOException {
        try {
            var request = SoapRequest.read(body(exchange));
            checkVersion(exchange.getRequestHeaders().getFirst("SOAPAction"));
            var answer = world.locked(() -> answer(exchange, request));
            send(exchange, 200, "text/xml; charset=utf-8", answer);
        } catch (LabFault e) {
            send(exchange, 500, "text/xml; charset=utf-8", SoapText.fault(e));
        }
    }

    private byte[] answer(HttpExchange exchange, SoapRequest request) {
        var session = sessions.find(cookie(exchange));
        return SoapText.answer(request.method(), switch (request.method()) {
            case "RetrieveServiceContent" -> List.of(service.serviceContent());
            case "Login" -> begin(exchange, session,
                    () -> sessions.login(request.text("userName"), request.text("password")));
            case "CloneSession" ->
                begin(exchange, session, () -> sessions.cloneSession(request.text("cloneTicket")));
            default -> methods.call(request, session.orElse(null));
        });
    }

    private static List<Value> begin(HttpExchange exchange, Optional<LabSession> current,
            Supplier<LabSession> opening) {
        if (current.isPresent()) {
            throw Sessions.invalidLogin();
        }
        var session = opening.get();
        exchange.getResponseHeaders().add("Set-Cookie",
                COOKIE + session.cookie() + "; Path=/; HttpOnly; Secure; ");
        return List.of(session.info());
    }

    private void cloneTicket(HttpExchange exchange) throws IOException {
        String token = exchange.getRequestHeaders().getFirst("vmware-api-session-id");
        var guid = VC_GUID.matcher(new String(body(exchange), UTF_8));
        if (!exchange.getRequestMethod().equals("POST") || !guid.find()
                || !guid.group(1).equals(instanceUuid)) {
            send(exchange, 400, "application/json", "{}".getBytes(UTF_8));
            return;
        }
        var ticket = world
                .locked(() -> sessions.withPluginToken(String.valueOf(token)).map(sessions::cloneTicket));
        if (ticket.isEmpty()) {
            send(exchange, 401, "application/json", "{}".getBytes(UTF_8));
        } else {
            send(exchange, 200, "application/json",
                    "{\"session_clone_ticket\":\"%s\"}".formatted(ticket.get()).getBytes(UTF_8));
        }
    }

    private static void checkVersion(@Nullable String action) {
        String version = String.valueOf(action).replace("\"", "");
        if (!version.equals("urn:vim25/" + SessionMethods.API_VERSION)
                && VERSIONS.stream().noneMatch(known -> version.equals("urn:vim25/" + known))) {
            throw LabFault.invalidRequest("Unsupported version URI \"%s\"".formatted(version));
        }
    }

    private static String versions() {
        var text = new StringBuilder(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?><namespaces version=\"1.0\"><namespace>"
                        + "<name>urn:vim25</name><version>" + SessionMethods.API_VERSION
                        + "</version><priorVersions>");
        VERSIONS.forEach(version -> text.append("<version>").append(version).append("</version>"));
        return text.append("</priorVersions></namespace></namespaces>").toString();
    }

    private static @Nullable String cookie(HttpExchange exchange) {
        return exchange.getRequestHeaders().getOrDefault("Cookie", List.of()).stream()
                .flatMap(header -> List.of(header.split(";", -1)).stream())
                .map(String::strip)
                .filter(pair -> pair.startsWith(COOKIE))
                .map(pair -> pair.substring(COOKIE.length()))
                .findFirst().orElse(null);
    }

    static byte[] body(HttpExchange exchange) throws IOException {
        var bytes = exchange.getRequestBody().readNBytes(MAX_REQUEST + 1);
        if (bytes.length > MAX_REQUEST) {
            throw new IOException("a request must have at most %d bytes".formatted(MAX_REQUEST));
        }
        return bytes;
    }

    private static void send(HttpExchange exchange, int status, String contentType, byte[] body)
            throws IOException {
        try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", contentType);
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
