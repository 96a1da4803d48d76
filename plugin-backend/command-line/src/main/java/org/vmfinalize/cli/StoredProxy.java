package org.vmfinalize.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.trust.HttpProxy;
import tools.jackson.databind.JsonNode;

/// The proxy on the way to a session's server, as it is written down: without its password.
///
/// @param user         who logs in to it, if it wants a login
/// @param passwordFile that one's password, if there is a user
record StoredProxy(URI address, @Nullable String user, @Nullable Path passwordFile) {

    static Optional<StoredProxy> read(JsonNode json) {
        if (json.isMissingNode()) {
            return Optional.empty();
        }
        var file = json.path("passwordFile").asString(null);
        return Optional.of(new StoredProxy(URI.create(json.path("address").asString("")),
                json.path("user").asString(null), file == null ? null : Path.of(file)));
    }

    Map<String, String> toJson() {
        var json = new LinkedHashMap<>(Map.of("address", address.toString()));
        if (user != null && passwordFile != null) {
            json.put("user", user);
            json.put("passwordFile", passwordFile.toString());
        }
        return json;
    }

    /// The proxy with its login.
    ///
    /// @throws CommandException if the password cannot be read, or others can read it
    HttpProxy open() throws IOException {
        var proxy = HttpProxy.at(address);
        return user == null || passwordFile == null
                ? proxy
                : proxy.loggedInAs(user, SecretFile.firstLine(passwordFile));
    }
}
