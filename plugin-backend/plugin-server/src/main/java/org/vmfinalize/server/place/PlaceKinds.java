package org.vmfinalize.server.place;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.vmfinalize.places.Place;
import org.vmfinalize.places.local.LocalPlace;
import org.vmfinalize.places.nbd.NbdPlace;
import org.vmfinalize.places.remote.ReadThrough;

/// Makes places of settings.
final class PlaceKinds {

    private final PlacesSettings settings;
    private final List<Path> closed;

    PlaceKinds(PlacesSettings settings) {
        this.settings = settings;
        this.closed = List.of(settings.dataDirectory().toAbsolutePath());
    }

    /// All places that are set.
    ///
    /// @throws IllegalArgumentException if one cannot be what its settings say; the message names it
    List<Place> all() {
        var all = new ArrayList<Place>();
        for (var folder : settings.backupDirectories()) {
            all.add(new LocalPlace(folder, Path.of(folder), closed));
        }
        for (var one : settings.places()) {
            try {
                all.add(place(one));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("place '%s': %s; change vmfinalize.places".formatted(
                        one.name(), e.getMessage()), e);
            }
        }
        return all;
    }

    private Place place(PlacesSettings.One one) {
        return switch (String.valueOf(one.uri().getScheme())) {
            case "file" -> new LocalPlace(one.name(), Path.of(one.uri()), closed);
            case "nbd", "nbds", "nbd+unix" -> new NbdPlace(one.name(), one.uri(), one.trust(), one.timeout(),
                    one.link(), ReadThrough.straight());
            default -> throw new IllegalArgumentException(
                    "the uri must begin with file:, nbd:, nbds: or nbd+unix: but was '%s'".formatted(
                            one.uri()));
        };
    }
}
