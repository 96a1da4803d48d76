package org.vmfinalize.server.finalization;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
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
    /// Ids of events begin with it once the client has heard that the backup is released.
    private static final String RELEASED = "r-";
    private static final Duration INTERVAL = Duration.ofMillis(900);

    private final Finalizations finalizations;
    private final Semaphore free = new Semaphore(STREAMS_AT_ONCE);
    private volatile boolean closing;

    ProgressStreams(Finalizations finalizations) {
        this.finalizations = finalizations;
    }

    /// @param lastEventId what the client has heard last, if it was here before: that is not told again
    SseEmitter open(Caller caller, String id, @Nullable String lastEventId) {
        finalizations.find(caller, id);
        if (!free.tryAcquire()) {
            throw new Problem(ProblemType.TOO_MANY_REQUESTS,
                    "progress: at most %d streams are served at the same time; close some or ask for the finalization itself"
                            .formatted(STREAMS_AT_ONCE));
        }
        var emitter = new SseEmitter(0L);
        Thread.ofVirtual().name("progress-" + id).start(() -> {
            try {
                run(emitter, caller, id, lastEventId == null ? "" : lastEventId.strip());
            } finally {
                free.release();
            }
        });
        return emitter;
    }

    private void run(SseEmitter emitter, Caller caller, String id, String lastEventId) {
        try {
            boolean more = true;
            boolean released = lastEventId.startsWith(RELEASED);
            while (more) {
                var view = finalizations.find(id);
                if (view.backupReleased() && !released) {
                    emitter.send(SseEmitter.event().id(RELEASED + "0").name("backup-released").data(view,
                            MediaType.APPLICATION_JSON));
                    released = true;
                }
                var eventId = (released ? RELEASED : "p-") + Integer.toHexString(view.hashCode());
                if (eventId.equals(lastEventId)) {
                    // Heard before the client's connection was lost; a word shows that this one holds.
                    emitter.send(SseEmitter.event().comment("unchanged"));
                } else {
                    emitter.send(SseEmitter.event().id(eventId).name("progress").data(view,
                            MediaType.APPLICATION_JSON));
                }
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
