package org.vmfinalize.places;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A place and what it holds, or why that cannot be told.
///
/// @param place    the place's name
/// @param location where the place is, without credentials
/// @param listing  empty of files if it failed
/// @param failure  why the place cannot be looked through, for people
public record Shelf(String place, String location, Listing listing, Optional<String> failure) {

    private static final Logger LOG = LoggerFactory.getLogger(Shelf.class);

    static Shelf of(Place place, Listing listing) {
        return new Shelf(place.name(), place.location(), listing, Optional.empty());
    }

    static Shelf failed(Place place, Exception cause) {
        LOG.warn("place {} ({}) cannot be looked through, so what it holds is not listed: {}", place.name(),
                place.location(), cause.getMessage());
        LOG.debug("why place {} cannot be looked through", place.name(), cause);
        return failed(place, String.valueOf(cause.getMessage()));
    }

    static Shelf silent(Place place, Duration patience) {
        return failed(place, "place %s (%s): must say what it holds within %d s but did not".formatted(
                place.name(), place.location(), patience.toSeconds()));
    }

    private static Shelf failed(Place place, String why) {
        return new Shelf(place.name(), place.location(), new Listing(List.of(), false), Optional.of(why));
    }
}
