package org.vmfinalize.server.lease;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/// Calls the program of `vmfinalize.lease-hook`, once for each notice, in their order.
///
/// The program gets no arguments and no environment but `PATH`; the notice is its standard input. No request can name
/// another one.
///
/// **Threads:** any number. Owns one thread, `lease-hook`, which waits for the program; closing ends both.
@Component
class LeaseHook implements DisposableBean {

    private static final Logger LOG = LoggerFactory.getLogger(LeaseHook.class);

    private static final int MAX_WAITING = 1000;
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);

    private final LeaseSettings settings;
    private final JsonMapper json;
    private final ThreadPoolExecutor calls = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MAX_WAITING), Thread.ofPlatform().daemon().name("lease-hook").factory());

    LeaseHook(LeaseSettings settings, JsonMapper json) {
        this.settings = settings;
        this.json = json;
    }

    void tell(LeaseNotice notice) {
        var program = settings.leaseHook();
        if (program == null) {
            return;
        }
        try {
            calls.execute(() -> call(program, notice));
        } catch (RejectedExecutionException e) {
            LOG.warn("lease hook {}: it is too slow, or the server stops: it does not hear that {} is {}",
                    program, notice.backup(), notice.event());
        }
    }

    private void call(Path program, LeaseNotice notice) {
        var builder = new ProcessBuilder(program.toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().keySet().retainAll(Set.of("PATH"));
        try {
            var process = builder.start();
            try {
                feed(process, notice);
                if (!process.waitFor(settings.leaseHookTimeout().toMillis(), TimeUnit.MILLISECONDS)) {
                    LOG.error("lease hook {}: must end within {} s but did not at '{}' of {}; make it faster",
                            program, settings.leaseHookTimeout().toSeconds(), notice.event(),
                            notice.backup());
                } else if (process.exitValue() != 0) {
                    LOG.error("lease hook {}: failed with status {} at '{}' of {}; see its own log", program,
                            process.exitValue(), notice.event(), notice.backup());
                }
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            LOG.error("lease hook {}: cannot be run at '{}' of {}: {}", program, notice.event(),
                    notice.backup(), e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void feed(Process process, LeaseNotice notice) {
        try (var in = process.getOutputStream()) {
            in.write(json.writeValueAsBytes(notice));
        } catch (IOException e) {
            LOG.debug("a lease hook need not read what it is told", e);
        }
    }

    @Override
    public void destroy() throws InterruptedException {
        calls.shutdown();
        if (!calls.awaitTermination(LAST_WORDS.toSeconds(), TimeUnit.SECONDS)) {
            calls.shutdownNow();
        }
    }
}
