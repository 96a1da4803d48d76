package org.vmfinalize.places;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.vmfinalize.backup.BackupFile;

/// All places of a server. What lies in none of them is refused.
///
/// **Threads:** any number.
public final class Places implements AutoCloseable {

    private static final int MAX_LOCATION_CHARACTERS = 4096;

    /// A place that takes longer to say what it holds is reported as one that does not answer.
    private static final Duration LISTING_PATIENCE = Duration.ofSeconds(15);

    private final List<Place> places;

    /// @param places closed with this object
    /// @throws IllegalArgumentException if two have one name
    public Places(List<? extends Place> places) {
        this.places = List.copyOf(places);
        var names = new HashSet<String>();
        for (var place : places) {
            if (!names.add(place.name())) {
                throw new IllegalArgumentException(
                        "vmfinalize.places: each must have a name of its own but two are '%s'"
                                .formatted(place.name()));
            }
        }
    }

    public List<Place> all() {
        return places;
    }

    /// The form of `location` that stays the same, however it was written. See [Place#canonical(String)].
    public String canonical(String location) throws IOException {
        return placeOf(location).canonical(location);
    }

    /// Opens the file at `location`. See [Place#open(String)].
    public BackupFile open(String location) throws IOException {
        return placeOf(location).open(location);
    }

    private Place placeOf(String location) throws IOException {
        if (location.isBlank() || location.length() > MAX_LOCATION_CHARACTERS) {
            throw new BackupNotFoundException(
                    "backup: must be an absolute path on this server or a URI of at most %d characters but was empty or too long"
                            .formatted(MAX_LOCATION_CHARACTERS));
        }
        for (var place : places) {
            if (place.covers(location)) {
                return place;
            }
        }
        throw new OutsidePlacesException(Credentials.hidden(location));
    }

    /// What each place holds; places are asked side by side, and one that fails does not hide the others.
    ///
    /// @param most how many files to list of each place
    public List<Shelf> list(int most) {
        var asked = new ArrayList<CompletableFuture<Shelf>>();
        for (var place : places) {
            var answer = new CompletableFuture<Shelf>();
            Thread.ofVirtual().name("places-list-" + place.name()).start(
                    () -> answer.complete(shelf(place, most)));
            asked.add(answer.completeOnTimeout(Shelf.silent(place, LISTING_PATIENCE),
                    LISTING_PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
        }
        return asked.stream().map(CompletableFuture::join).toList();
    }

    private static Shelf shelf(Place place, int most) {
        try {
            return Shelf.of(place, place.list(most));
        } catch (IOException | RuntimeException e) {
            return Shelf.failed(place, e);
        }
    }

    @Override
    public void close() throws IOException {
        IOException failure = null;
        for (var place : places) {
            try {
                place.close();
            } catch (IOException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
