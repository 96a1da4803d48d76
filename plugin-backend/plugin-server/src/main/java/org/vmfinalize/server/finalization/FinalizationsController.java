package org.vmfinalize.server.finalization;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import org.vmfinalize.server.idempotency.Idempotent;
import org.vmfinalize.server.paging.Page;
import org.vmfinalize.server.paging.PageRequest;
import org.vmfinalize.server.plan.Plan;
import org.vmfinalize.server.problem.ProblemType;
import org.vmfinalize.server.problem.Refuses;
import org.vmfinalize.server.session.Caller;

/// Starts, shows and steers finalizations.
@RestController
@RequestMapping("/api/v1/finalizations")
class FinalizationsController {

    private final Finalizations finalizations;
    private final ProgressStreams streams;
    private final FinalizationPlan plans;

    FinalizationsController(Finalizations finalizations, ProgressStreams streams, FinalizationPlan plans) {
        this.plans = plans;
        this.finalizations = finalizations;
        this.streams = streams;
    }

    @GetMapping
    @Refuses(ProblemType.FORBIDDEN)
    ResponseEntity<Page<FinalizationView>> list(@RequestAttribute(Caller.ATTRIBUTE) Caller caller,
            FinalizationFilter filter, PageRequest page) {
        return finalizations.list(caller, filter, page).answer();
    }

    @GetMapping("/{id}")
    @Refuses({ProblemType.FINALIZATION_NOT_FOUND, ProblemType.FORBIDDEN})
    FinalizationView find(@RequestAttribute(Caller.ATTRIBUTE) Caller caller, @PathVariable String id) {
        return finalizations.find(caller, id);
    }

    /// Answers when the job is written down and the machine is renamed; the rest takes its time.
    @PostMapping
    @Idempotent
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Refuses({ProblemType.VM_NOT_FOUND, ProblemType.NOT_AN_INSTANT_VM, ProblemType.ALREADY_FINALIZING,
            ProblemType.ALREADY_DISCARDING, ProblemType.INVALID_PROVISIONING, ProblemType.INVALID_STATE,
            ProblemType.NAME_TAKEN, ProblemType.NAME_INVALID, ProblemType.BACKUP_UNAVAILABLE,
            ProblemType.DATASTORE_NOT_FOUND, ProblemType.DATASTORE_FULL, ProblemType.DATASTORE_NOT_REACHABLE,
            ProblemType.SAME_DATASTORE, ProblemType.AMBIGUOUS_NAME, ProblemType.MOVE_REFUSED,
            ProblemType.DATASTORE_FAILED,
            ProblemType.FORBIDDEN})
    ResponseEntity<FinalizationView> start(@RequestAttribute(Caller.ATTRIBUTE) Caller caller,
            @RequestBody FinalizationRequest request) {
        var view = finalizations.start(caller, request);
        // Relative: behind the vSphere Client's proxy the server does not know its own address.
        return ResponseEntity.accepted()
                .header(HttpHeaders.LOCATION, URI.create("/api/v1/finalizations/" + view.id()).toString())
                .body(view);
    }

    /// Says what would come of [#start], and changes nothing.
    @PostMapping("/plan")
    @Refuses({ProblemType.VM_NOT_FOUND, ProblemType.NOT_AN_INSTANT_VM, ProblemType.INVALID_STATE,
            ProblemType.DATASTORE_NOT_FOUND, ProblemType.DATASTORE_FAILED, ProblemType.FORBIDDEN})
    Plan plan(@RequestAttribute(Caller.ATTRIBUTE) Caller caller, @RequestBody FinalizationRequest request) {
        return plans.of(caller, request);
    }

    @PostMapping("/{id}/pause")
    @Refuses({ProblemType.FINALIZATION_NOT_FOUND, ProblemType.INVALID_STATE, ProblemType.FORBIDDEN})
    FinalizationView pause(@RequestAttribute(Caller.ATTRIBUTE) Caller caller, @PathVariable String id) {
        return finalizations.pause(caller, id);
    }

    @PostMapping("/{id}/resume")
    @Refuses({ProblemType.FINALIZATION_NOT_FOUND, ProblemType.INVALID_STATE, ProblemType.FORBIDDEN})
    FinalizationView resume(@RequestAttribute(Caller.ATTRIBUTE) Caller caller, @PathVariable String id) {
        return finalizations.resume(caller, id);
    }

    @PostMapping("/{id}/cancel")
    @Refuses({ProblemType.FINALIZATION_NOT_FOUND, ProblemType.INVALID_STATE, ProblemType.FORBIDDEN})
    FinalizationView cancel(@RequestAttribute(Caller.ATTRIBUTE) Caller caller, @PathVariable String id) {
        return finalizations.cancel(caller, id);
    }

    /// The progress as it goes on: at once, at every change of state, at least every second; ends after a final state.
    @GetMapping(path = "/{id}/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    @Refuses({ProblemType.FINALIZATION_NOT_FOUND, ProblemType.FORBIDDEN})
    SseEmitter events(@RequestAttribute(Caller.ATTRIBUTE) Caller caller, @PathVariable String id,
            @RequestHeader(value = "Last-Event-ID", required = false) @Nullable String lastEventId) {
        return streams.open(caller, id, lastEventId);
    }
}
