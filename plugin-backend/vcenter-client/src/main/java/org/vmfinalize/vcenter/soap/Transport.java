package org.vmfinalize.vcenter.soap;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.trust.HttpProxy;
import org.vmfinalize.vcenter.VCenterAddress;
import org.vmfinalize.vcenter.VCenterUnavailableException;

/// Carries one request to a vCenter and its whole answer back, over HTTP/1.1: within a time, up to a size, following no
/// redirect, knowing nothing of sessions.
///
/// **Threads:** any number.
final class Transport implements AutoCloseable {

    /// What is answered by whoever wants a login of the sender, and has done nothing.
    static final int UNAUTHORIZED = 401;

    private static final String USER_AGENT = "vm-finalize";

    private final VCenterAddress address;
    private final Limits limits;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient client;

    Transport(VCenterAddress address, Limits limits) {
        this.address = address;
        this.limits = limits;
        var builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(limits.connect())
                .sslContext(address.trust().context())
                .executor(executor);
        address.proxy().ifPresent(proxy -> proxy.use(builder));
        this.client = builder.build();
    }

    Limits limits() {
        return limits;
    }

    /// Sends a SOAP call and returns the answer, which has the status of one: 200, or 500 for a fault; or it is
    /// [#UNAUTHORIZED], whatever its body.
    HttpResponse<byte[]> post(Call call, String version, @Nullable String cookie, Duration patience) {
        var request = HttpRequest.newBuilder(address.sdk())
                .header("Content-Type", "text/xml; charset=utf-8")
                .header("SOAPAction", "\"urn:vim25/" + version + "\"")
                .POST(BodyPublishers.ofByteArray(call.envelope()));
        if (cookie != null) {
            request.header("Cookie", cookie);
        }
        var response = send(request, call.toString(), patience);
        if (response.statusCode() == UNAUTHORIZED) {
            return response;
        }
        if ((response.statusCode() != 200 && response.statusCode() != 500) || !isXml(response)) {
            throw unexpected(response, call.toString());
        }
        return response;
    }

    /// Reads a document without a session.
    HttpResponse<byte[]> get(String path) {
        return send(HttpRequest.newBuilder(uri(path)).GET(), "GET " + path, limits.answer());
    }

    /// Posts JSON with one header more, whose value is never shown.
    HttpResponse<byte[]> postJson(String path, String header, String value, String json) {
        var request = HttpRequest.newBuilder(uri(path))
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .header(header, value)
                .POST(BodyPublishers.ofString(json));
        return send(request, "POST " + path, limits.answer());
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request, String what, Duration patience) {
        request.header("User-Agent", USER_AGENT);
        address.proxy().ifPresent(proxy -> proxy.logIn(request));
        // The client's own time-out ends with the headers. This one also bounds a body that trickles or stalls.
        var answer = client.sendAsync(request.build(),
                BodyHandlers.limiting(BodyHandlers.ofByteArray(), limits.maxAnswerBytes()));
        try {
            return letThrough(answer.get(patience.toMillis(), TimeUnit.MILLISECONDS), what);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw unavailable("%s was not answered within %d s".formatted(what, patience.toSeconds()), true,
                    e);
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw unavailable(what + " was interrupted", true, e);
        } catch (ExecutionException e) {
            throw failed(what, e.getCause());
        }
    }

    private HttpResponse<byte[]> letThrough(HttpResponse<byte[]> response, String what) {
        if (response.statusCode() == HttpProxy.WANTS_LOGIN) {
            throw unavailable("%s failed: %s".formatted(what, HttpProxy.refusal(address.proxy())), false,
                    null);
        }
        return response;
    }

    private VCenterUnavailableException failed(String what, @Nullable Throwable cause) {
        boolean sent = !(cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException
                || cause instanceof SSLException);
        String reason = cause instanceof ConnectException && cause.getMessage() == null
                ? "connection refused, or no such host" + address.proxy().map(" at the proxy %s"::formatted)
                        .orElse("")
                : String.valueOf(root(cause).getMessage());
        return unavailable("%s failed: %s".formatted(what, reason), sent, cause);
    }

    /// An answer that a vCenter would not give: it is starting, or something else is at that address.
    VCenterUnavailableException unexpected(HttpResponse<byte[]> response, String what) {
        return unavailable(
                "%s was answered with HTTP status %d and %s; vCenter may be starting, or a proxy answered"
                        .formatted(what, response.statusCode(), contentType(response)),
                true, null);
    }

    /// `reason` about this vCenter, on one line.
    VCenterUnavailableException unavailable(String reason, boolean mayHaveTakenEffect,
            @Nullable Throwable cause) {
        return new VCenterUnavailableException(
                "vCenter %s: %s".formatted(address.sdk().getAuthority(), reason),
                mayHaveTakenEffect, cause);
    }

    /// Whether a failed call may well succeed when it is sent again at once: the connection broke.
    static boolean connectionBroke(VCenterUnavailableException e) {
        return e.getCause() instanceof IOException cause && !(cause instanceof ConnectException
                || cause instanceof HttpConnectTimeoutException || cause instanceof SSLException);
    }

    /// The content type decides, except that some servers leave it out.
    private static boolean isXml(HttpResponse<byte[]> response) {
        return contentType(response).contains("xml");
    }

    private static String contentType(HttpResponse<byte[]> response) {
        String type = response.headers().firstValue("Content-Type").orElse("no content type");
        return type.toLowerCase(Locale.ROOT).replaceAll("[^\\x20-\\x7e]", "?").substring(0,
                Math.min(type.length(), 80));
    }

    private static Throwable root(@Nullable Throwable e) {
        Throwable root = e == null ? new IOException("no reason known") : e;
        for (var cause = root.getCause(); cause != null; cause = root.getCause()) {
            root = cause;
        }
        return root;
    }

    private URI uri(String path) {
        return address.resolve(path);
    }

    /// Ends all calls that are under way, then the connections.
    @Override
    public void close() {
        client.shutdownNow();
        client.close();
        executor.shutdownNow();
    }
}
