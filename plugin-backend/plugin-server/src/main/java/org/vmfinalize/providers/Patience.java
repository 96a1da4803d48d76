package org.vmfinalize.providers;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// How long is waited for an answer of a bundle's code.
///
/// A call that does not return cannot be broken off: it keeps its thread, which is a daemon, and its bundle. A bundle that
/// has too many of these is not asked before one of them has returned, so that one that always hangs costs this time a few
/// times and no more.
///
/// **Threads:** any number.
///
/// @param limit greater than 0
record Patience(Duration limit) {

    /// A built-in format may wait for one of many places that do not answer.
    private static final int MOST_STUCK_BUILT_IN = 64;
    private static final int MOST_STUCK_ADDED = 4;

    /// A call did not return in time, or was not made because others have not returned.
    static final class NoAnswerException extends IOException {

        private static final long serialVersionUID = 1;

        NoAnswerException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    Patience {
        if (!limit.isPositive()) {
            throw new IllegalArgumentException(
                    "vmfinalize.provider-patience: must be longer than 0 s but was " + limit);
        }
    }

    /// Calls the bundle's code and waits for its answer.
    ///
    /// @param bundle acquired by the caller
    /// @param what for messages, such as "opening /backups/web.img by the format qcow2"
    /// @param tooLate gets an answer that nobody waits for any more
    /// @throws IOException what the call threw, or that it did not return in time
    <T> T call(LoadedBundle bundle, String what, Guard.Call<T> call, Consumer<T> tooLate)
            throws IOException {
        int most = bundle.isBuiltIn() ? MOST_STUCK_BUILT_IN : MOST_STUCK_ADDED;
        if (bundle.stuckCalls() >= most) {
            throw new NoAnswerException("%s (bundle %s) is not tried, since %d calls of it have not returned"
                    .formatted(what, bundle.file(), most), null);
        }
        bundle.acquireAgain();
        var answer = new CompletableFuture<T>();
        var thread = Thread.ofPlatform().daemon().name("provider-" + bundle.file())
                .start(() -> make(call, bundle, answer));
        try {
            return answer.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            bundle.addStuck(1);
            thread.interrupt();
            var _ = answer.whenComplete((late, _) -> {
                bundle.addStuck(-1);
                if (late != null) {
                    tooLate.accept(late);
                }
            });
            var message = "%s (bundle %s) did not end within %d s".formatted(what, bundle.file(),
                    limit.toSeconds());
            bundle.note(message);
            throw new NoAnswerException(message, e);
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
            var _ = answer.thenAccept(tooLate);
            throw new InterruptedIOException(what + " was interrupted");
        } catch (ExecutionException e) {
            throw rethrown(e.getCause() == null ? e : e.getCause());
        }
    }

    /// The use of the bundle ends before anybody sees the answer, who may then count the uses.
    private static <T> void make(Guard.Call<T> call, LoadedBundle bundle, CompletableFuture<T> answer) {
        T value;
        try {
            value = call.make();
        } catch (IOException | RuntimeException | Error e) {
            bundle.release();
            answer.completeExceptionally(e);
            return;
        }
        bundle.release();
        answer.complete(value);
    }

    private static IOException rethrown(Throwable cause) {
        return switch (cause) {
            case IOException e -> e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException(cause);
        };
    }
}
