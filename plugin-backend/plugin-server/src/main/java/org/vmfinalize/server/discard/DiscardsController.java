package org.vmfinalize.server.discard;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.vmfinalize.server.paging.Page;
import org.vmfinalize.server.paging.PageRequest;
import org.vmfinalize.server.paging.Sorting;

/// Lists the instant VMs that were thrown away. With the finalizations it is the history of all instant VMs.
@RestController
class DiscardsController {

    private static final Sorting<Discard> SORTING = Sorting.<Discard>by(Discard::id, "-startedAt")
            .time("startedAt", Discard::startedAt).time("endedAt", Discard::endedAt)
            .text("name", Discard::vmName);

    private final Discards discards;

    DiscardsController(Discards discards) {
        this.discards = discards;
    }

    /// The newest first, if no other order is asked for.
    ///
    /// @param name a part of the machine's name, in any case
    @GetMapping("/api/v1/discards")
    ResponseEntity<Page<DiscardView>> list(@RequestParam(required = false) @Nullable String name,
            PageRequest page) {
        var part = name == null ? "" : name.strip().toLowerCase(Locale.ROOT);
        var wanted = discards.all().stream()
                .filter(discard -> discard.vmName().toLowerCase(Locale.ROOT).contains(part)).toList();
        return SORTING.page(wanted, page).map(discard -> Optional.of(DiscardView.of(discard))).answer();
    }
}
