package org.vmfinalize.server.session;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The form of the `Authorization` header (RFC 6750, 2.1).
final class BearerToken {

    private static final String PREFIX = "Bearer ";

    private BearerToken() {}

    static Optional<String> of(@Nullable String authorization) {
        return authorization != null && authorization.regionMatches(true, 0, PREFIX, 0, PREFIX.length())
                ? Optional.of(authorization.substring(PREFIX.length()).strip())
                : Optional.empty();
    }
}
