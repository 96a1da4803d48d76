package org.vmfinalize.server.discard;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.vmfinalize.server.paging.Page;
import org.vmfinalize.server.paging.PageRequest;
import org.vmfinalize.server.paging.Sorting;
import org.vmfinalize.server.problem.Problem;
import org.vmfinalize.server.problem.ProblemType;
import org.vmfinalize.server.problem.Refuses;
import org.vmfinalize.server.session.Caller;
import org.vmfinalize.server.session.Sights;

/// The instant VMs that were, or are being, thrown away. With the finalizations it is the history of all instant VMs.
@RestController
@RequestMapping("/api/v1/discards")
class DiscardsController {

    private static final Sorting<Discard> SORTING = Sorting.<Discard>by(Discard::id, "-startedAt")
            .time("startedAt", Discard::startedAt).time("endedAt", Discard::endedAt)
            .text("name", Discard::vmName);

    private final Discards discards;
    private final Sights sights;

    DiscardsController(Discards discards, Sights sights) {
        this.sights = sights;
        this.discards = discards;
    }

    /// The newest first, if no other order is asked for.
    ///
    /// @param name a part of the machine's name, in any case
    @GetMapping
    @Refuses(ProblemType.FORBIDDEN)
    ResponseEntity<Page<DiscardView>> list(@RequestAttribute(Caller.ATTRIBUTE) Caller caller,
            @RequestParam(required = false) @Nullable String name, PageRequest page) {
        var part = name == null ? "" : name.strip().toLowerCase(Locale.ROOT);
        var sight = sights.of(caller);
        var wanted = discards.all().stream()
                .filter(discard -> sight.covers(discard.vmId(), discard.initiator()))
                .filter(discard -> discard.vmName().toLowerCase(Locale.ROOT).contains(part)).toList();
        return SORTING.page(wanted, page).map(discard -> Optional.of(DiscardView.of(discard))).answer();
    }

    @GetMapping("/{id}")
    @Refuses({ProblemType.NOT_FOUND, ProblemType.FORBIDDEN})
    DiscardView find(@RequestAttribute(Caller.ATTRIBUTE) Caller caller, @PathVariable String id) {
        return DiscardView.of(visible(caller, id));
    }

    /// Withdraws a discard that has not come to its end: the machine stays, powered off, as an instant VM.
    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Refuses({ProblemType.NOT_FOUND, ProblemType.INVALID_STATE, ProblemType.FORBIDDEN})
    void withdraw(@RequestAttribute(Caller.ATTRIBUTE) Caller caller, @PathVariable String id) {
        discards.withdraw(caller, visible(caller, id));
    }

    private Discard visible(Caller caller, String id) {
        return discards.find(id)
                .filter(discard -> sights.of(caller).covers(discard.vmId(), discard.initiator()))
                .orElseThrow(() -> new Problem(ProblemType.NOT_FOUND,
                        "discard '%s': there is none; see the list of all"
                                .formatted(id.length() > 40 ? id.substring(0, 40) : id)));
    }
}
