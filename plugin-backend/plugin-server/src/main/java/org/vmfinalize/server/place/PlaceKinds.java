package org.vmfinalize.server.place;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.vmfinalize.places.Credentials;
import org.vmfinalize.places.Place;
import org.vmfinalize.places.http.HttpPlace;
import org.vmfinalize.places.local.LocalPlace;
import org.vmfinalize.places.nbd.NbdPlace;
import org.vmfinalize.places.remote.ReadThrough;
import org.vmfinalize.places.s3.S3Place;

/// Makes places of settings.
final class PlaceKinds {

    private final PlacesSettings settings;
    private final Supplier<? extends ReadThrough> cache;
    private final List<Path> closed;

    /// @param cache asked for only if a place wants one
    PlaceKinds(PlacesSettings settings, Supplier<? extends ReadThrough> cache) {
        this.settings = settings;
        this.cache = cache;
        this.closed = List.of(settings.dataDirectory().toAbsolutePath());
    }

    /// All places that are set.
    ///
    /// @throws IllegalArgumentException if one cannot be what its settings say; the message names it
    List<Place> all() {
        var all = new ArrayList<Place>();
        for (var folder : settings.backupDirectories()) {
            all.add(new LocalPlace(folder, Path.of(folder), paths(settings.allowedReferences()), closed));
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
            case "file" ->
                new LocalPlace(one.name(), Path.of(one.uri()), paths(one.allowedReferences()), closed);
            case "nbd", "nbds", "nbd+unix" -> new NbdPlace(one.name(), one.uri(), one.trust(), one.timeout(),
                    uris(one.allowedReferences()), one.link(),
                    through(one, NbdPlace.isRemote(one.uri())));
            case "http", "https" -> new HttpPlace(one.name(), one.uri(), one.redirectOrigins(), one.secrets(),
                    one.trust(), one.timeout(), uris(one.allowedReferences()), one.link(),
                    through(one, true));
            case "s3" -> new S3Place(one.name(), one.uri(), one.s3Server(), one.secrets(), one.trust(),
                    one.timeout(), uris(one.allowedReferences()), one.link(), through(one, true));
            default -> throw new IllegalArgumentException(
                    "the uri must begin with file:, nbd:, nbds:, nbd+unix:, http:, https: or s3: but was '%s'"
                            .formatted(Credentials.hidden(one.uri().toString())));
        };
    }

    private static List<URI> uris(List<String> texts) {
        return texts.stream().map(PlaceKinds::uri).toList();
    }

    private static URI uri(String text) {
        var uri = URI.create(text);
        if (!uri.isAbsolute()) {
            throw new IllegalArgumentException(
                    "allowed-references: must be URIs of the place's own server or bucket but one was '%s'"
                            .formatted(text));
        }
        return uri;
    }

    private static List<Path> paths(List<String> texts) {
        return texts.stream()
                .map(text -> text.startsWith("file:") ? Path.of(URI.create(text)) : Path.of(text)).toList();
    }

    private ReadThrough through(PlacesSettings.One one, boolean byDefault) {
        Boolean wanted = one.cache();
        return (wanted == null ? byDefault : wanted) ? cache.get() : ReadThrough.straight();
    }
}
