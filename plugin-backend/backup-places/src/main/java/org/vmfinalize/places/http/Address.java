package org.vmfinalize.places.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.Optional;
import org.vmfinalize.places.remote.RemoteAddress;

/// A file or folder on a web server.
///
/// @param path decoded, without a leading `/`; a folder's ends in `/` or is empty
record Address(Origin origin, String path) implements RemoteAddress<Address> {

    /// Empty if `text` is none: a query or a fragment is refused, since it may be a signature, and so is a path that leads
    /// upwards.
    static Optional<Address> parse(String text) {
        try {
            return Optional.of(of(new URI(text)));
        } catch (URISyntaxException | IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /// @throws IllegalArgumentException if it is none, with the reason
    static Address of(URI uri) {
        if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw new IllegalArgumentException("must have neither query nor fragment");
        }
        String path = String.valueOf(uri.getPath());
        String below = path.startsWith("/") ? path.substring(1) : path;
        var segments = Arrays.asList(below.split("/", -1));
        if (segments.contains("..") || segments.contains(".") || below.chars().anyMatch(
                Character::isISOControl)) {
            throw new IllegalArgumentException("the path must not lead upwards nor hold control characters");
        }
        return new Address(Origin.of(uri), below);
    }

    @Override
    public boolean isSameServer(Address other) {
        return origin.equals(other.origin);
    }

    Address withPath(String other) {
        return new Address(origin, other);
    }

    URI uri() {
        boolean isDefault = origin.port() == (origin.isEncrypted() ? 443 : 80);
        try {
            return new URI(origin.scheme(), null, origin.host(), isDefault ? -1 : origin.port(), "/" + path,
                    null, null);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return uri().toASCIIString();
    }
}
