package org.vmfinalize.formats.file;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Does a thing to all of several, also when it fails for one of them; then throws what failed.
public final class AllOf {

    private @Nullable IOException failure;

    private AllOf() {}

    /// Something that may fail.
    @FunctionalInterface
    public interface Step<T> {
        void on(T one) throws IOException;
    }

    public static <T> void each(List<? extends T> all, Step<T> step) throws IOException {
        each(all, step, List.of(), _ -> {
        });
    }

    /// First `step` to all of the one kind, then `then` to all of the other.
    public static <T, U> void each(List<? extends T> first, Step<T> step, List<? extends U> second,
            Step<U> then) throws IOException {
        var all = new AllOf();
        first.forEach(one -> all.attempt(() -> step.on(one)));
        second.forEach(one -> all.attempt(() -> then.on(one)));
        if (all.failure != null) {
            throw all.failure;
        }
    }

    private interface Attempt {
        void run() throws IOException;
    }

    private void attempt(Attempt attempt) {
        try {
            attempt.run();
        } catch (IOException e) {
            if (failure == null) {
                failure = e;
            } else {
                failure.addSuppressed(e);
            }
        }
    }
}
