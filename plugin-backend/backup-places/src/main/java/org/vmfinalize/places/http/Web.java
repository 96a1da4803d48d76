package org.vmfinalize.places.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.places.remote.PassingException;
import org.vmfinalize.places.secret.Secrets;
import org.vmfinalize.trust.ServerTrust;

/// Asks the web servers of one place, and no others.
///
/// A redirect is followed inside the place and to the servers that are allowed, never from https to http; the credentials go
/// to the place's own server only.
///
/// **Threads:** any number.
final class Web implements AutoCloseable {

    private static final int MAX_REDIRECTS = 5;
    private static final int MAX_SHOWN = 200;
    private static final Duration CONNECT = Duration.ofSeconds(5);

    private final Origin own;
    private final Predicate<String> inside;
    private final Set<Origin> allowed;
    private final Secrets secrets;
    private final Duration patience;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient client;

    /// @param inside   whether redirects may lead to that path of `own`
    /// @param allowed  servers that redirects may lead to
    /// @param patience how long a server may send nothing
    Web(Origin own, Predicate<String> inside, Set<Origin> allowed, Secrets secrets, ServerTrust trust,
            Duration patience) {
        this.own = own;
        this.inside = inside;
        this.allowed = Set.copyOf(allowed);
        this.secrets = secrets;
        this.patience = patience;
        // Many connections are faster for bulk than many streams on one.
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT.compareTo(patience) < 0 ? CONNECT : patience)
                .sslContext(trust.context())
                .executor(executor)
                .build();
    }

    /// An answer that is no redirect, and where it came from in the end.
    record Answer(HttpResponse<Integer> response, URI from) {}

    /// GETs `uri`.
    ///
    /// @param headers  what to say besides
    /// @param body     what takes the body, by the head of the answer; without one the body is left
    /// @throws PassingException if the server cannot be reached, breaks off or falls silent
    /// @throws IOException if it leads astray
    Answer get(URI uri, Consumer<HttpRequest.Builder> headers,
            Function<HttpResponse.ResponseInfo, Optional<RangeBody>> body) throws IOException {
        URI at = uri;
        for (int redirects = 0;; redirects++) {
            var origin = Origin.of(at);
            var request = HttpRequest.newBuilder(at).timeout(patience).header("Accept-Encoding", "identity")
                    .header("User-Agent", "vm-finalize");
            headers.accept(request);
            if (origin.equals(own)) {
                authorize(request);
            }
            var response = send(request.build(), body);
            if (!isRedirect(response.statusCode())) {
                return new Answer(response, at);
            }
            if (redirects == MAX_REDIRECTS) {
                throw new IOException("must lead to the file in %d redirects but has more".formatted(
                        MAX_REDIRECTS));
            }
            at = target(at, origin, response.headers().firstValue("location").orElse(""));
        }
    }

    private HttpResponse<Integer> send(HttpRequest request,
            Function<HttpResponse.ResponseInfo, Optional<RangeBody>> body) throws IOException {
        var unwanted = new NoBody();
        var taken = new AtomicReference<@Nullable RangeBody>();
        var answer = client.sendAsync(request, head -> {
            taken.set(body.apply(head).orElse(null));
            var chosen = taken.get();
            return chosen == null ? unwanted : chosen;
        });
        try {
            return await(answer, () -> {
                var chosen = taken.get();
                return chosen == null ? 0 : chosen.received();
            });
        } finally {
            unwanted.hangUp();
        }
    }

    private static boolean isRedirect(int status) {
        return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
    }

    private URI target(URI from, Origin origin, String location) throws IOException {
        URI to;
        Origin next;
        try {
            to = from.resolve(location);
            next = Origin.of(to);
        } catch (IllegalArgumentException e) {
            throw new IOException("a redirect must lead to a web address but does not", e);
        }
        if (origin.isEncrypted() && !next.isEncrypted()) {
            throw new IOException("a redirect must not lead from https to http but leads to " + next);
        }
        if (next.equals(own) && !allowed.contains(own) && !inside.test(pathOf(to))) {
            throw new IOException(
                    "a redirect leads out of the place, to %s; add %s to the place's redirect-origins if its whole server is right"
                            .formatted(shown(pathOf(to)), own));
        }
        if (!next.equals(own) && !allowed.contains(next)) {
            throw new IOException(
                    "a redirect leads to %s, which is not allowed; add it to the place's redirect-origins if it is right"
                            .formatted(next));
        }
        return to;
    }

    /// As [Address#path()].
    private static String pathOf(URI uri) {
        String path = String.valueOf(uri.getPath());
        return path.startsWith("/") ? path.substring(1) : path;
    }

    private static String shown(String path) {
        String clean = path.replaceAll("\\p{Cntrl}", "?");
        return "/" + (clean.length() <= MAX_SHOWN ? clean : clean.substring(0, MAX_SHOWN) + "…");
    }

    private void authorize(HttpRequest.Builder request) throws IOException {
        Map<String, String> read = secrets.read();
        String token = read.get(Secrets.TOKEN);
        String user = read.get(Secrets.USER);
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        } else if (user != null) {
            String pair = user + ":" + read.getOrDefault(Secrets.PASSWORD, "");
            request.header("Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8)));
        }
    }

    /// Waits for as long as something comes.
    private HttpResponse<Integer> await(CompletableFuture<HttpResponse<Integer>> answer,
            LongSupplier progress)
            throws IOException {
        long before = progress.getAsLong();
        while (true) {
            try {
                return answer.get(patience.toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                long now = progress.getAsLong();
                if (now == before) {
                    answer.cancel(true);
                    throw new PassingException("the server sent nothing for %d ms".formatted(
                            patience.toMillis()), e);
                }
                before = now;
            } catch (InterruptedException e) {
                answer.cancel(true);
                Thread.currentThread().interrupt();
                var failure = new InterruptedIOException("the reading thread was interrupted");
                failure.initCause(e);
                throw failure;
            } catch (ExecutionException e) {
                throw failure(e.getCause() == null ? e : e.getCause());
            }
        }
    }

    private static IOException failure(Throwable cause) {
        // A certificate that is not trusted stays so; a connection that broke does not.
        if (ServerTrust.isDistrust(cause)) {
            return new IOException("the server is not trusted: " + cause.getMessage(), cause);
        }
        String what = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return new PassingException("the connection failed: " + what, cause);
    }

    @Override
    public void close() {
        client.shutdownNow();
        executor.shutdownNow();
    }
}
