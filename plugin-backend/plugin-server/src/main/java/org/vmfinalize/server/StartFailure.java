package org.vmfinalize.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;

/// Says in one line why the server does not start, where a user can mend it: a port that is taken, a datastore that another
/// server has, a file that cannot be read. Other failures keep their stack trace.
class StartFailure implements FailureAnalyzer {

    @Override
    public @Nullable FailureAnalysis analyze(Throwable failure) {
        Throwable found = null;
        for (Throwable e = failure; e != null && found == null; e = e.getCause()) {
            boolean ours = e instanceof IOException || e instanceof UncheckedIOException
                    || e instanceof IllegalArgumentException;
            boolean worded = e.getMessage() != null
                    && !e.getClass().getName().startsWith("org.springframework");
            found = ours && worded ? e : null;
        }
        return found == null
                ? null
                : new FailureAnalysis(found.getMessage(), "Mend this, then start the server again.", failure);
    }
}
