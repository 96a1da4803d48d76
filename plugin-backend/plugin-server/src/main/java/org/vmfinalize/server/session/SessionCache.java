package org.vmfinalize.server.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.vmfinalize.server.problem.Problem;
import org.vmfinalize.server.problem.ProblemType;

/// Callers by their tokens. Only hashes of tokens are kept, so that a dump of the memory does not give them away.
///
/// Whoever leaves the cache is logged out in vCenter, where sessions are few.
///
/// **Threads:** any number. Threads that come with the same new token wait for one opening.
final class SessionCache {

    private static final int CAPACITY = 200;
    private static final int OPENINGS_AT_ONCE = 16;

    private final SessionSettings settings;
    private final Map<String, CompletableFuture<Caller>> entries = new ConcurrentHashMap<>();
    /// Bounds what strangers with invented tokens can make us ask of vCenter.
    private final Semaphore openings = new Semaphore(OPENINGS_AT_ONCE);

    SessionCache(SessionSettings settings) {
        this.settings = settings;
    }

    /// The caller with this token, if he was here before and has not been idle for too long.
    Optional<Caller> find(String token) {
        var future = entries.get(hash(token));
        return future == null ? Optional.empty() : present(future.join());
    }

    /// The caller with this token; `open` is called if the token is new or its session is over.
    Caller findOrOpen(String token, Supplier<Caller> open) {
        var hash = hash(token);
        while (true) {
            var mine = new CompletableFuture<Caller>();
            var known = entries.putIfAbsent(hash, mine);
            if (known == null) {
                return open(hash, mine, open);
            }
            var caller = present(join(known));
            if (caller.isPresent()) {
                return caller.get();
            }
            remove(hash, known);
        }
    }

    private Caller open(String hash, CompletableFuture<Caller> mine, Supplier<Caller> open) {
        try {
            var caller = admit(open);
            mine.complete(caller);
            shrink();
            return caller;
        } catch (RuntimeException | Error e) {
            entries.remove(hash, mine);
            mine.completeExceptionally(e);
            throw e;
        }
    }

    /// Opens, unless too many are being opened already.
    private Caller admit(Supplier<Caller> open) {
        if (!openings.tryAcquire()) {
            throw new Problem(ProblemType.TOO_MANY_REQUESTS,
                    "session: too many log-ins at the same time; try again in a moment");
        }
        try {
            return open.get();
        } finally {
            openings.release();
        }
    }

    /// Ends the session with this token, if there is one.
    void end(String token) {
        var hash = hash(token);
        var future = entries.get(hash);
        if (future != null) {
            remove(hash, future);
        }
    }

    /// Ends all sessions that were idle for too long or are too old.
    void endOverdue() {
        entries.forEach((hash, future) -> {
            if (future.state() == CompletableFuture.State.SUCCESS && future.resultNow().isOver(settings)) {
                remove(hash, future);
            }
        });
    }

    /// Keeps those alive in vCenter whose users ask what is answered without it.
    void keepAlive() {
        entries.values().stream().filter(future -> future.state() == CompletableFuture.State.SUCCESS)
                .map(CompletableFuture::resultNow)
                .filter(caller -> !caller.isOver(settings) && caller.isSilent())
                // A vCenter that hangs must hold up neither the others nor who called.
                .forEach(caller -> Thread.ofVirtual().name("keep-alive").start(caller::keepAlive));
    }

    void endAll() {
        entries.forEach(this::remove);
    }

    private void shrink() {
        while (entries.size() > CAPACITY) {
            var oldest = entries.entrySet()
                    .stream()
                    .filter(e -> e.getValue().state() == CompletableFuture.State.SUCCESS)
                    .min(Comparator.comparing(e -> e.getValue().resultNow().lastUse()));
            if (oldest.isEmpty()) {
                return;
            }
            remove(oldest.get().getKey(), oldest.get().getValue());
        }
    }

    private void remove(String hash, CompletableFuture<Caller> future) {
        if (entries.remove(hash, future)) {
            // Logging out waits for the network; whoever makes room must not.
            var _ = future.thenAcceptAsync(Caller::end,
                    task -> Thread.ofVirtual().name("logout").start(task));
        }
    }

    private Optional<Caller> present(Caller caller) {
        return !caller.isOver(settings) && caller.stays() ? Optional.of(caller) : Optional.empty();
    }

    private static Caller join(CompletableFuture<Caller> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private static String hash(String token) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("session: this Java has no SHA-256", e);
        }
    }
}
