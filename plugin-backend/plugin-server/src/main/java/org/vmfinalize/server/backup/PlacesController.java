package org.vmfinalize.server.backup;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.vmfinalize.places.Credentials;
import org.vmfinalize.server.paging.Page;
import org.vmfinalize.server.paging.PageRequest;
import org.vmfinalize.server.paging.Sorting;
import org.vmfinalize.server.problem.ProblemType;
import org.vmfinalize.server.problem.Refuses;
import org.vmfinalize.server.session.Caller;

/// Shows the places that backups are taken from, as they were looked through last. Answers from memory.
@RestController
class PlacesController {

    private final BackupCatalog catalog;

    PlacesController(BackupCatalog catalog) {
        this.catalog = catalog;
    }

    /// A part of the list.
    ///
    /// @param total how many there are that the filters let through
    /// @param next the `cursor` of the part that follows; null: this is the last
    /// @param checkedAt when they were looked through last; null: not yet, and then there are none
    record Places(List<PlaceView> items, int total, @Nullable String next, @Nullable Instant checkedAt) {}

    /// A place.
    ///
    /// @param location where it is, without credentials
    /// @param reachable whether it could be looked through
    /// @param reason why it could not, and what to do
    /// @param files how many files it has, backups or not
    /// @param complete whether these are all of its files
    /// @param restorePoints how many of them a machine can be run from
    record PlaceView(String name, String location, boolean reachable, @Nullable String reason, int files,
            boolean complete, int restorePoints) {}

    /// In the order of the settings, if no other one is asked for.
    ///
    /// @param name a part of the name, in any case
    /// @param reachable whether it could be looked through
    @GetMapping("/api/v1/places")
    @Refuses(ProblemType.FORBIDDEN)
    ResponseEntity<Places> list(@RequestAttribute(Caller.ATTRIBUTE) Caller caller,
            @RequestParam(required = false) @Nullable String name,
            @RequestParam(required = false) @Nullable Boolean reachable, PageRequest request) {
        RunRight.require(caller);
        var snapshot = catalog.snapshot();
        var all = snapshot.places().stream().map(place -> new PlaceView(place.name(),
                Credentials.hidden(place.location()), place.failure().isEmpty(),
                place.failure().map(Credentials::hidden).orElse(null), place.files(), place.complete(),
                (int) snapshot.points().stream().filter(point -> point.place().equals(place.name()))
                        .count()))
                .toList();
        var part = name == null ? "" : name.strip().toLowerCase(Locale.ROOT);
        var sorting = Sorting.<PlaceView>by(PlaceView::name, "order")
                .number("order", view -> (long) all.indexOf(view)).text("name", PlaceView::name)
                .number("restorePoints", view -> (long) view.restorePoints());
        var page = sorting.page(all.stream()
                .filter(view -> view.name().toLowerCase(Locale.ROOT).contains(part))
                .filter(view -> reachable == null || view.reachable() == reachable).toList(), request);
        var answer = ResponseEntity.ok();
        Page.link(page.next()).ifPresent(link -> answer.header(HttpHeaders.LINK, link));
        return answer.body(new Places(page.items(), page.total(), page.next(), snapshot.refreshedAt()));
    }
}
