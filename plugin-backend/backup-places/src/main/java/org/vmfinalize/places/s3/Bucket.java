package org.vmfinalize.places.s3;

import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;
import org.vmfinalize.places.remote.RemoteAddress;

/// An object, or a prefix of objects, as `s3://BUCKET/KEY`. The key stands as it is, without any encoding.
///
/// @param name the bucket's
/// @param key  may be empty; of a prefix that is a folder it ends in `/`
record Bucket(String name, String key) implements RemoteAddress<Bucket> {

    private static final Pattern LOCATION = Pattern.compile(
            "s3://([a-z0-9][a-z0-9._-]{1,62})(?:/(.{0,1024}))?",
            Pattern.DOTALL);

    static Optional<Bucket> parse(String location) {
        var matcher = LOCATION.matcher(location);
        if (!matcher.matches() || location.chars().anyMatch(Character::isISOControl)) {
            return Optional.empty();
        }
        return Optional.of(new Bucket(matcher.group(1), matcher.group(2) == null ? "" : matcher.group(2)));
    }

    /// @throws IllegalArgumentException if it is none
    static Bucket of(URI uri) {
        return parse(uri.toString()).orElseThrow(() -> new IllegalArgumentException(
                "must look like s3://BUCKET/PREFIX/"));
    }

    @Override
    public String path() {
        return key;
    }

    @Override
    public boolean isSameServer(Bucket other) {
        return name.equals(other.name);
    }

    Bucket withKey(String other) {
        return new Bucket(name, other);
    }

    @Override
    public String toString() {
        return "s3://%s/%s".formatted(name, key);
    }
}
