package org.vmfinalize.server.events;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import org.vmfinalize.server.problem.Problem;
import org.vmfinalize.server.problem.ProblemType;
import org.vmfinalize.server.session.Caller;

/// Lets callers hear what changes.
///
/// Each stream has a virtual thread, `events`, which waits for events and for the client. It ends with the client's
/// connection, with the caller's session or with the server.
@RestController
class EventsController {

    private static final Logger LOG = LoggerFactory.getLogger(EventsController.class);

    private static final int STREAMS_AT_ONCE = 200;
    private static final Duration PATIENCE = Duration.ofMillis(900);
    /// Without a word for so long, a stream says that it is still there; else a lost client would never be noticed.
    private static final int ROUNDS_OF_SILENCE = 16;

    private final Events events;
    private final Semaphore free = new Semaphore(STREAMS_AT_ONCE);
    private volatile boolean closing;

    EventsController(Events events) {
        this.events = events;
    }

    /// The stream begins with an event `ready`, whose id is that of the newest event; or, after a lost connection, with what
    /// was missed. If that is not known any more it begins with `reset`: read the lists again.
    @GetMapping(path = "/api/v1/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    SseEmitter events(@RequestAttribute(Caller.ATTRIBUTE) Caller caller,
            @RequestHeader(value = "Last-Event-ID", required = false) @Nullable String lastEventId) {
        if (!free.tryAcquire()) {
            throw new Problem(ProblemType.TOO_MANY_REQUESTS,
                    "events: at most %d streams are served at the same time; close some"
                            .formatted(STREAMS_AT_ONCE));
        }
        var emitter = new SseEmitter(0L);
        Thread.ofVirtual().name("events").start(() -> {
            events.listens(true);
            try {
                run(emitter, caller, lastEventId);
            } finally {
                events.listens(false);
                free.release();
            }
        });
        return emitter;
    }

    private void run(SseEmitter emitter, Caller caller, @Nullable String lastEventId) {
        var visible = new VisibleVms(caller);
        try {
            long told = begin(emitter, lastEventId);
            int silent = 0;
            while (!closing && caller.stays()) {
                var next = events.after(told, PATIENCE);
                silent = next.isEmpty() ? silent + 1 : 0;
                if (silent == ROUNDS_OF_SILENCE) {
                    emitter.send(SseEmitter.event().comment("still here"));
                    silent = 0;
                }
                if (!next.isEmpty() && next.getFirst().number() > told + 1) {
                    // The client is slower than what happens.
                    told = reset(emitter);
                    continue;
                }
                for (var event : next) {
                    if (visible.shows(event.vm())) {
                        emitter.send(SseEmitter.event().id(events.id(event.number())).name(event.type())
                                .data(event.data()));
                    }
                    told = event.number();
                }
            }
            emitter.complete();
        } catch (IOException | IllegalStateException e) {
            // The ordinary end of a stream whose reader went away.
            LOG.debug("events: the client is gone", e);
        } catch (Problem problem) {
            LOG.debug("events: the caller's session is over", problem);
            emitter.complete();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            emitter.complete();
        }
    }

    /// @return the number of the event after which it goes on
    private long begin(SseEmitter emitter, @Nullable String lastEventId) throws IOException {
        if (lastEventId == null || lastEventId.isBlank()) {
            return mark(emitter, "ready");
        }
        long number = events.number(lastEventId.strip());
        return number >= 0 && events.ring().reachesBackTo(number) ? number : reset(emitter);
    }

    private long reset(SseEmitter emitter) throws IOException {
        return mark(emitter, "reset");
    }

    private long mark(SseEmitter emitter, String type) throws IOException {
        long last = events.ring().last();
        emitter.send(SseEmitter.event().id(events.id(last)).name(type)
                .data(Map.of("lastEventId", events.id(last)), MediaType.APPLICATION_JSON));
        return last;
    }

    /// Before the web server waits for open requests to end.
    @EventListener(ContextClosedEvent.class)
    void close() {
        closing = true;
    }
}
