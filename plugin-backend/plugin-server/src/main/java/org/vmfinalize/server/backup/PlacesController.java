package org.vmfinalize.server.backup;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RestController;
import org.vmfinalize.places.Credentials;
import org.vmfinalize.server.session.Caller;

/// Shows the places that backups are taken from, as they were looked through last. Answers from memory.
@RestController
class PlacesController {

    private final BackupCatalog catalog;

    PlacesController(BackupCatalog catalog) {
        this.catalog = catalog;
    }

    /// All of them.
    ///
    /// @param checkedAt when they were looked through last; null: not yet, and then there are none
    record Places(List<PlaceView> items, @Nullable Instant checkedAt) {}

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

    @GetMapping("/api/v1/places")
    Places list(@RequestAttribute(Caller.ATTRIBUTE) Caller caller) {
        RunRight.require(caller);
        var snapshot = catalog.snapshot();
        return new Places(snapshot.places().stream().map(place -> new PlaceView(place.name(),
                Credentials.hidden(place.location()), place.failure().isEmpty(),
                place.failure().map(Credentials::hidden).orElse(null), place.files(), place.complete(),
                (int) snapshot.points().stream().filter(point -> point.place().equals(place.name()))
                        .count()))
                .toList(), snapshot.refreshedAt());
    }
}
