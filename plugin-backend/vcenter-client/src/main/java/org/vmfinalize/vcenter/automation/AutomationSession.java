package org.vmfinalize.vcenter.automation;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.trust.HttpProxy;
import org.vmfinalize.vcenter.VCenterAddress;
import org.vmfinalize.vcenter.VCenterFault;
import org.vmfinalize.vcenter.VCenterUnavailableException;
import org.vmfinalize.vcenter.soap.Limits;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A session of the Automation API, opened when it is first needed and again when vCenter has forgotten it.
///
/// **Threads:** any number; only one logs in while the others wait for it.
final class AutomationSession implements AutoCloseable {

    private static final String SESSION = "/api/session";
    private static final String HEADER = "vmware-api-session-id";
    private static final JsonMapper JSON = JsonMapper.shared();

    private final VCenterAddress address;
    private final Limits limits;
    private final String authorization;
    private final HttpClient client;
    private final ReentrantLock login = new ReentrantLock();
    private volatile @Nullable String token;

    AutomationSession(VCenterAddress address, Limits limits, String userName, String password) {
        this.address = address;
        this.limits = limits;
        this.authorization = "Basic " + Base64.getEncoder()
                .encodeToString((userName + ":" + password).getBytes(StandardCharsets.UTF_8));
        var builder = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER).connectTimeout(limits.connect())
                .sslContext(address.trust().context());
        address.proxy().ifPresent(proxy -> proxy.use(builder));
        this.client = builder.build();
    }

    /// Reads something.
    ///
    /// @return empty if it is not there
    Optional<JsonNode> get(String path) {
        return ask("GET " + path, request(path).GET());
    }

    /// Asks something that has a body, and changes nothing.
    Optional<JsonNode> post(String path, Object body) {
        return ask("POST " + path, request(path).header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(JSON.writeValueAsString(body))));
    }

    private Optional<JsonNode> ask(String what, HttpRequest.Builder request) {
        var used = token(null);
        var response = send(what, request.setHeader(HEADER, used));
        if (response.statusCode() == 401) {
            response = send(what, request.setHeader(HEADER, token(used)));
        }
        return switch (response.statusCode()) {
            case 200 -> Optional.of(read(what, response));
            case 404 -> Optional.empty();
            case 401 -> throw new VCenterFault(what, VCenterFault.NOT_AUTHENTICATED, "", "");
            case 403 -> throw new VCenterFault(what, VCenterFault.NO_PERMISSION, "", "");
            default -> throw unexpected(what, response);
        };
    }

    /// @param refused the one that vCenter does not know any more
    private String token(@Nullable String refused) {
        // Held while vCenter is asked: who comes second needs the same session.
        login.lock();
        try {
            var known = token;
            if (known == null || known.equals(refused)) {
                known = logIn();
                token = known;
            }
            return known;
        } finally {
            login.unlock();
        }
    }

    private String logIn() {
        var what = "POST " + SESSION;
        var response = send(what, request(SESSION).header("Authorization", authorization)
                .POST(BodyPublishers.noBody()));
        if (response.statusCode() == 401) {
            throw new VCenterFault(what, VCenterFault.INVALID_LOGIN, "", "");
        }
        if (response.statusCode() != 201 && response.statusCode() != 200) {
            throw unexpected(what, response);
        }
        var answer = read(what, response);
        if (!answer.isString() || !answer.asString().matches("[\\x21-\\x7e]{1,4096}")) {
            throw unavailable("%s was answered without a session".formatted(what), null);
        }
        return answer.asString();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(address.resolve(path)).header("Accept", "application/json");
    }

    private HttpResponse<byte[]> send(String what, HttpRequest.Builder request) {
        address.proxy().ifPresent(proxy -> proxy.logIn(request));
        // The client's own time-out ends with the headers. This one also bounds a body that trickles or stalls.
        var answer = client.sendAsync(request.build(),
                BodyHandlers.limiting(BodyHandlers.ofByteArray(), limits.maxAnswerBytes()));
        try {
            var response = answer.get(limits.answer().toMillis(), TimeUnit.MILLISECONDS);
            if (response.statusCode() == HttpProxy.WANTS_LOGIN) {
                throw unavailable("%s failed: %s".formatted(what, HttpProxy.refusal(address.proxy())), null);
            }
            return response;
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw unavailable("%s was not answered within %d s".formatted(what, limits.answer().toSeconds()),
                    e);
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw unavailable(what + " was interrupted", e);
        } catch (ExecutionException e) {
            throw unavailable("%s failed: %s".formatted(what,
                    e.getCause() instanceof IOException cause && cause.getMessage() != null
                            ? cause.getMessage()
                            : "connection refused, or no such host"),
                    e.getCause());
        }
    }

    private JsonNode read(String what, HttpResponse<byte[]> response) {
        try {
            return JSON.readTree(response.body());
        } catch (JacksonException e) {
            throw unavailable("%s was answered with text that is no JSON".formatted(what), e);
        }
    }

    VCenterUnavailableException unexpected(String what, HttpResponse<byte[]> response) {
        return unavailable("%s was answered with HTTP status %d; vCenter may be starting, or a proxy answered"
                .formatted(what, response.statusCode()), null);
    }

    VCenterUnavailableException unavailable(String reason, @Nullable Throwable cause) {
        return new VCenterUnavailableException(
                "vCenter %s: %s".formatted(address.sdk().getAuthority(), reason), false, cause);
    }

    @Override
    public void close() {
        var open = token;
        token = null;
        try {
            if (open != null) {
                var _ = send("DELETE " + SESSION, request(SESSION).header(HEADER, open).DELETE());
            }
        } catch (VCenterUnavailableException _) {
            // A vCenter that is away ends the session by itself.
        } finally {
            client.shutdownNow();
        }
    }
}
