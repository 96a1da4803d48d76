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

    Guard(String format, LoadedBundle bundle) {
        this.format = format;
        this.bundle = bundle;
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
