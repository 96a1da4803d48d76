package org.vmfinalize.providers;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Stands between the server and the code of a bundle: whatever is thrown there comes out as an [IOException] that names
/// the format, so that it costs the backup and nothing else.
///
/// **Threads:** any number.
final class Guard {

    private static final Logger log = LoggerFactory.getLogger(Guard.class);

    private final String format;
    private final LoadedBundle bundle;
    private final Patience patience;

    Guard(String format, LoadedBundle bundle, Patience patience) {
        this.format = format;
        this.bundle = bundle;
        this.patience = patience;
    }

    /// A call into the bundle.
    @FunctionalInterface
    interface Call<T> {
        T make() throws IOException;
    }

    /// A call into the bundle that answers nothing.
    @FunctionalInterface
    interface Action {
        void run() throws IOException;
    }

    <T> T call(Call<T> call) throws IOException {
        try {
            return call.make();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (RuntimeException | Error e) {
            throw failed(e);
        }
    }

    void run(Action action) throws IOException {
        call(() -> {
            action.run();
            return this;
        });
    }

    /// Runs it in a thread of its own and waits no longer than is usual for bundles.
    ///
    /// The caller may be a thread that was told to stop: it tidies up all the same.
    ///
    /// @param what for messages, such as "holding a backup"
    void runInTime(String what, Action action) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            callInTime(what, () -> {
                action.run();
                return this;
            });
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// As [#runInTime(String, Action)], with an answer.
    <T> T callInTime(String what, Call<T> call) throws IOException {
        return patience.call(bundle, "%s by the backup format %s".formatted(what, format), () -> call(call),
                _ -> {
                });
    }

    /// Whether the format is one of the server's own, each of whose steps is bounded by itself.
    boolean isBuiltIn() {
        return bundle.isBuiltIn();
    }

    /// The failure of a format that broke its contract.
    ///
    /// @param what in which way
    IOException broken(String what) {
        return new IOException("the backup format %s %s; have its bundle %s mended".formatted(format, what,
                bundle.file()));
    }

    private IOException failed(Throwable e) {
        String message = "the backup format %s (bundle %s) failed: %s".formatted(format, bundle.file(), e);
        if (bundle.note(message)) {
            log.error("{}; only the backups that it reads are hurt", message, e);
        }
        return new IOException(message, e);
    }
}
