package org.vmfinalize.places;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// What a place holds.
///
/// @param files    in the order of their locations
/// @param complete false if there is more than was asked for
public record Listing(List<Item> files, boolean complete) {

    public Listing {
        files = List.copyOf(files);
    }

    /// A file of a place.
    ///
    /// @param location what [Places#open(String)] takes
    /// @param name     its name below the place, for people
    /// @param size     in bytes, if the place tells
    /// @param changed  when it was changed last, if the place tells
    public record Item(String location, String name, OptionalLong size, Optional<Instant> changed) {}
}
