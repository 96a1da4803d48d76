package org.vmfinalize.server.finalization;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.vmfinalize.hydration.PaceSettings;
import org.vmfinalize.server.http.IfMatch;
import org.vmfinalize.server.problem.ProblemType;
import org.vmfinalize.server.problem.Refuses;
import org.vmfinalize.server.session.Caller;

/// Shows and changes how fast a finalization may be. The settings have an entity tag of their own, which progress does not
/// change.
@RestController
@RequestMapping("/api/v1/finalizations/{id}")
class PaceController {

    private final Finalizations finalizations;

    PaceController(Finalizations finalizations) {
        this.finalizations = finalizations;
    }

    @GetMapping("/pace")
    @Refuses({ProblemType.FINALIZATION_NOT_FOUND, ProblemType.FORBIDDEN})
    ResponseEntity<PaceSettingsView> pace(@RequestAttribute(Caller.ATTRIBUTE) Caller caller,
            @PathVariable String id) {
        return answer(finalizations.pace(finalizations.find(caller, id).id()));
    }

    /// What is left out is as in a new finalization.
    @PutMapping("/pace")
    @Refuses({ProblemType.FINALIZATION_NOT_FOUND, ProblemType.INVALID_STATE, ProblemType.FORBIDDEN})
    ResponseEntity<PaceSettingsView> replace(@RequestAttribute(Caller.ATTRIBUTE) Caller caller,
            @PathVariable String id,
            @RequestHeader(value = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestBody PaceRequest request) {
        finalizations.changePace(caller, id, _ -> request.over(PaceSettings.AUTOMATIC), new IfMatch(ifMatch));
        return answer(finalizations.pace(id));
    }

    /// What is left out stays.
    @PatchMapping
    @Refuses({ProblemType.FINALIZATION_NOT_FOUND, ProblemType.INVALID_STATE, ProblemType.FORBIDDEN})
    FinalizationView change(@RequestAttribute(Caller.ATTRIBUTE) Caller caller, @PathVariable String id,
            @RequestHeader(value = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestBody PaceRequest request) {
        return finalizations.changePace(caller, id, request::over, new IfMatch(ifMatch));
    }

    private static ResponseEntity<PaceSettingsView> answer(PaceSettings pace) {
        var view = PaceSettingsView.of(pace);
        return ResponseEntity.ok().eTag(view.tag()).body(view);
    }
}
