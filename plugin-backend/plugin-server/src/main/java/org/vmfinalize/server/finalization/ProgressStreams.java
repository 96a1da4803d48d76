package org.vmfinalize.server.finalization;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import org.vmfinalize.server.problem.Problem;
import org.vmfinalize.server.problem.ProblemType;
import org.vmfinalize.server.session.Caller;

/// Server-sent events of jobs.
///
/// Each stream has a virtual thread, `progress-ID`, which waits for the job and for the client. It ends with the job, with
/// the client's connection, with the caller's session or with the server.
@Component
class ProgressStreams {

    private static final Logger LOG = LoggerFactory.getLogger(ProgressStreams.class);

    private static final int STREAMS_AT_ONCE = 200;
    private static final Duration INTERVAL = Duration.ofMillis(900);

    private final Finalizations finalizations;
    private final Semaphore free = new Semaphore(STREAMS_AT_ONCE);
    private volatile boolean closing;

    ProgressStreams(Finalizations finalizations) {
        this.finalizations = finalizations;
    }

    SseEmitter open(Caller caller, String id) {
        finalizations.find(id);
        if (!free.tryAcquire()) {
            throw new Problem(ProblemType.TOO_MANY_REQUESTS,
                    "progress: at most %d streams are served at the same time; close some or ask for the finalization itself"
                            .formatted(STREAMS_AT_ONCE));
        }
        var emitter = new SseEmitter(0L);
        Thread.ofVirtual().name("progress-" + id).start(() -> {
            try {
                run(emitter, caller, id);
            } finally {
                free.release();
            }
        });
        return emitter;
    }

    private void run(SseEmitter emitter, Caller caller, String id) {
        try {
            boolean more = true;
            boolean released = false;
            while (more) {
                var view = finalizations.find(id);
                if (view.backupReleased() && !released) {
                    emitter.send(SseEmitter.event().name("backup-released").data(view,
                            MediaType.APPLICATION_JSON));
                    released = true;
                }
                emitter.send(SseEmitter.event().name("progress").data(view, MediaType.APPLICATION_JSON));
                more = !view.isFinal() && !closing && caller.stays();
                if (more) {
                    finalizations.awaitChange(id, INTERVAL);
                }
            }
            emitter.complete();
        } catch (IOException | IllegalStateException e) {
            // The ordinary end of a stream whose reader went away.
            LOG.debug("progress of {}: the client is gone", id, e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            emitter.complete();
        }
    }

    /// Before the web server waits for open requests to end.
    @EventListener(ContextClosedEvent.class)
    void close() {
        closing = true;
    }
}
