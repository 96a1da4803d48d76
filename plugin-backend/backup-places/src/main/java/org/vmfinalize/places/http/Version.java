package org.vmfinalize.places.http;

import java.io.IOException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.util.Optional;

/// One version of a file on a web server, and how it is told from others (RFC 9110, section 8.8).
///
/// @param size         in bytes
/// @param etag         as the server sends it, if it does; strong ones are asked for
/// @param lastModified as the server sends it, if it does
record Version(long size, Optional<String> etag, Optional<String> lastModified) {

    private static final int MAX_VALIDATOR_CHARACTERS = 120;

    /// @throws IOException if the server says nothing that a change would be seen by
    static Version of(long size, HttpHeaders headers) throws IOException {
        var version = new Version(size, headers.firstValue("etag"), headers.firstValue("last-modified"));
        if (version.validator().isEmpty()) {
            throw new IOException(
                    "the server must send an ETag or Last-Modified, since a change could not be seen else, but sends neither");
        }
        if (version.validator().length() > MAX_VALIDATOR_CHARACTERS) {
            throw new IOException("the ETag must be at most %d characters but is %d".formatted(
                    MAX_VALIDATOR_CHARACTERS, version.validator().length()));
        }
        return version;
    }

    private String validator() {
        return etag.or(() -> lastModified).orElse("");
    }

    private boolean isStrong() {
        return etag.isPresent() && !etag.get().startsWith("W/");
    }

    String identity() {
        return "http-%d-%s".formatted(size, validator());
    }

    /// Lets the server refuse to send another version. Not If-Range: it would send the whole of that.
    void require(HttpRequest.Builder request) {
        if (isStrong()) {
            request.header("If-Match", etag.orElseThrow());
        } else {
            lastModified.ifPresent(time -> request.header("If-Unmodified-Since", time));
        }
    }

    /// Whether a reply with these headers is of this version, as far as it says.
    boolean matches(HttpHeaders headers) {
        return isSame(etag, headers.firstValue("etag"))
                && isSame(lastModified, headers.firstValue("last-modified"));
    }

    private static boolean isSame(Optional<String> own, Optional<String> other) {
        return own.isEmpty() || other.isEmpty() || own.equals(other);
    }
}
