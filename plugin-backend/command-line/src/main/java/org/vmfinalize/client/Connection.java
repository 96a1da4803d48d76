package org.vmfinalize.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.vmfinalize.trust.HttpProxy;
import org.vmfinalize.trust.ServerTrust;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Requests of the REST API and their answers, as JSON.
///
/// Every method throws [ApiException] when the server refuses, [UntrustedServerException] when it is not the one that it
/// should be, and [UnreachableException] when there is none.
///
/// **Threads:** any number.
public final class Connection implements AutoCloseable {

    /// Reads and writes the API's forms.
    static final JsonMapper JSON = JsonMapper.builder().build();

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(10);
    /// About a minute: a server may be restarted meanwhile.
    private static final int MOST_TRIES = 30;
    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(2);
    private static final String PROBLEMS = "/problems/";

    private final URI server;
    private final Optional<HttpProxy> proxy;
    private final String token;
    private final HttpClient http;

    /// Connects when something is asked.
    ///
    /// @param server such as `https://finalize.example.org:8443`
    /// @param proxy on the way to it; without one, the JVM's own, if it has one
    /// @param token of a session; empty before there is one
    /// @throws IllegalArgumentException if the address is none of HTTPS
    public Connection(URI server, ServerTrust trust, Optional<HttpProxy> proxy, String token) {
        if (!"https".equalsIgnoreCase(server.getScheme()) || server.getHost() == null
                || server.getUserInfo() != null) {
            throw new IllegalArgumentException(
                    "server: must be an address such as https://finalize.example.org:8443 but was '%s'"
                            .formatted(server));
        }
        this.server = server.resolve("/");
        this.proxy = proxy;
        this.token = token;
        var client = HttpClient.newBuilder().sslContext(trust.context()).connectTimeout(CONNECT_PATIENCE)
                .version(HttpClient.Version.HTTP_1_1);
        proxy.ifPresent(way -> way.use(client));
        this.http = client.build();
    }

    /// Connects without a proxy that is named here.
    public Connection(URI server, ServerTrust trust, String token) {
        this(server, trust, Optional.empty(), token);
    }

    /// Shakes hands; whatever the server answers is right.
    void meet() throws IOException {
        send(authorized(HttpRequest.newBuilder(server)).timeout(PATIENCE).HEAD().build(),
                BodyHandlers.discarding());
    }

    JsonNode get(String path) throws IOException {
        return exchange(request(path).GET());
    }

    JsonNode post(String path, Object body) throws IOException {
        return exchange(request(path).header("Content-Type", "application/json").POST(json(body)));
    }

    JsonNode put(String path, Object body) throws IOException {
        return exchange(request(path).header("Content-Type", "application/json").method("PUT", json(body)));
    }

    /// Asks for something that must not be done twice. A key tells the server that it is the same request again, so that it
    /// is repeated if the connection breaks before the answer.
    JsonNode create(String path, Object body) throws IOException {
        return once(request(path).header("Content-Type", "application/json").POST(json(body)));
    }

    JsonNode patch(String path, Object body) throws IOException {
        return exchange(request(path).header("Content-Type", "application/json").method("PATCH", json(body)));
    }

    /// As [#create].
    JsonNode delete(String path, Object body) throws IOException {
        return once(
                request(path).header("Content-Type", "application/json").method("DELETE", json(body)));
    }

    /// Gives the data of server-sent events to `listener` until it answers false or the server ends the stream.
    ///
    /// @throws UnreachableException also if the connection breaks
    void follow(String path, Predicate<JsonNode> listener) throws IOException {
        var request = authorized(HttpRequest.newBuilder(server.resolve(path))).GET()
                .header("Accept", "text/event-stream").build();
        var response = send(request, BodyHandlers.ofLines());
        try (var lines = response.body()) {
            if (response.statusCode() != 200) {
                throw problem(response.statusCode(), lines.collect(Collectors.joining("\n")));
            }
            tell(lines, listener);
        } catch (UncheckedIOException e) {
            throw unreachable(e.getCause() == null ? new IOException(e) : e.getCause());
        }
    }

    private static void tell(Stream<String> lines, Predicate<JsonNode> listener) {
        var data = new StringBuilder();
        for (var line : (Iterable<String>) lines::iterator) {
            if (line.startsWith("data:")) {
                data.append(line, "data:".length(), line.length());
            } else if (line.isEmpty() && !data.isEmpty()) {
                if (!listener.test(JSON.readTree(data.toString()))) {
                    return;
                }
                data.setLength(0);
            }
        }
    }

    private HttpRequest.Builder request(String path) {
        return authorized(HttpRequest.newBuilder(server.resolve(path)).timeout(PATIENCE));
    }

    private HttpRequest.Builder authorized(HttpRequest.Builder request) {
        proxy.ifPresent(way -> way.logIn(request));
        return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
    }

    private static BodyPublisher json(Object body) {
        return BodyPublishers.ofString(JSON.writeValueAsString(body), StandardCharsets.UTF_8);
    }

    private JsonNode exchange(HttpRequest.Builder request) throws IOException {
        var response = send(request.build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
        if (response.statusCode() >= 300) {
            throw problem(response.statusCode(), response.body());
        }
        try {
            return response.body().isEmpty() ? JSON.createObjectNode() : JSON.readTree(response.body());
        } catch (JacksonException e) {
            throw new IOException("%s: must answer in JSON but did not; is it a vm-finalize server?"
                    .formatted(server), e);
        }
    }

    private JsonNode once(HttpRequest.Builder request) throws IOException {
        request.header("Idempotency-Key", UUID.randomUUID().toString());
        for (int tries = 1;; tries++) {
            try {
                return exchange(request);
            } catch (UnreachableException e) {
                boolean wasNotAsked = tries == 1 && e.getCause() instanceof ConnectException;
                if (wasNotAsked || tries == MOST_TRIES) {
                    throw e;
                }
            } catch (ApiException e) {
                if (!e.type().equals("idempotency-key-in-use") || tries == MOST_TRIES) {
                    throw e;
                }
            }
            if (tries > 1) {
                pause();
            }
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(BETWEEN_TRIES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for the server", e);
        }
    }

    private ApiException problem(int status, String body) {
        try {
            var problem = JSON.readTree(body);
            if (problem.hasNonNull("detail")) {
                var type = problem.path("type").asString("about:blank");
                return new ApiException(type.startsWith(PROBLEMS) ? type.substring(PROBLEMS.length()) : type,
                        status, problem.get("detail").asString());
            }
        } catch (JacksonException _) {
            // Not JSON: the status has to do.
        }
        return new ApiException("about:blank", status,
                "%s: answered with status %d and no reason".formatted(server, status));
    }

    private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler)
            throws IOException {
        try {
            var response = http.send(request, handler);
            if (response.statusCode() == HttpProxy.WANTS_LOGIN) {
                var reason = HttpProxy.refusal(proxy);
                // The server was not asked: it is as if nobody had connected.
                throw new UnreachableException("%s: %s".formatted(server, reason),
                        new ConnectException(reason));
            }
            return response;
        } catch (SSLHandshakeException e) {
            var thumbprint = ServerTrust.isDistrust(e)
                    ? ShownCertificate.thumbprint(server, proxy)
                    : Optional.<String>empty();
            if (thumbprint.isPresent()) {
                throw new UntrustedServerException(
                        "%s: its certificate is not trusted; its SHA-256 thumbprint is %s".formatted(server,
                                thumbprint.get()),
                        thumbprint.get(), e);
            }
            throw unreachable(e);
        } catch (UnreachableException e) {
            throw e;
        } catch (IOException e) {
            throw unreachable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the server was asked", e);
        }
    }

    private UnreachableException unreachable(IOException e) {
        var reason = switch (e) {
            case HttpTimeoutException _ -> "it did not answer in time";
            case ConnectException _ -> proxy.map("nobody answers at the proxy %s"::formatted)
                    .orElse("nobody answers there");
            default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        };
        return new UnreachableException(
                "%s: must be reachable but is not (%s); check the address and that the server runs"
                        .formatted(server, reason),
                e);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
