package org.vmfinalize.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.client.Connection;
import org.vmfinalize.trust.ServerTrust;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The session of the last `login`, in a file that only its owner can read.
///
/// @param thumbprint of the server's certificate, if it is pinned
/// @param issuers a file of certificates, if the server is trusted by them
/// @param proxy on the way to the server, if one was named
record StoredSession(URI server, @Nullable String thumbprint, @Nullable Path issuers,
        Optional<StoredProxy> proxy, String userName, String token) {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    /// `$XDG_CONFIG_HOME/vm-finalize/session.json`, by the XDG base directory specification.
    static Path file() {
        var configured = System.getenv("XDG_CONFIG_HOME");
        var base = configured == null || configured.isBlank()
                ? Path.of(System.getProperty("user.home"), ".config")
                : Path.of(configured);
        return base.resolve("vm-finalize").resolve("session.json");
    }

    static Optional<StoredSession> read() throws IOException {
        var file = file();
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        SecretFile.check(file);
        try {
            return Optional.of(of(JSON.readTree(Files.readString(file))));
        } catch (JacksonException | IllegalArgumentException e) {
            throw new IOException(
                    "%s: must be what 'vm-finalize login' writes but is not; log in again".formatted(file),
                    e);
        }
    }

    private static StoredSession of(JsonNode json) {
        var issuers = json.path("issuers").asString(null);
        return new StoredSession(URI.create(json.path("server").asString("")),
                json.path("thumbprint").asString(null),
                issuers == null ? null : Path.of(issuers), StoredProxy.read(json.path("proxy")),
                json.path("userName").asString(""), json.path("token").asString(""));
    }

    void write() throws IOException {
        var file = file();
        Files.createDirectories(file.getParent());
        var content = new LinkedHashMap<String, Object>(
                Map.of("server", server.toString(), "userName", userName, "token", token));
        proxy.ifPresent(way -> content.put("proxy", way.toJson()));
        if (thumbprint != null) {
            content.put("thumbprint", thumbprint);
        }
        if (issuers != null) {
            content.put("issuers", issuers.toString());
        }
        var fresh = Files.createTempFile(file.getParent(), "session", ".new",
                PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        Files.write(fresh, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(content));
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    static void delete() throws IOException {
        Files.deleteIfExists(file());
    }

    Connection connection() throws IOException {
        return connection(server,
                new ServerTrust(Optional.ofNullable(thumbprint), Optional.ofNullable(issuers)), proxy, token);
    }

    /// @param token empty before there is a session
    static Connection connection(URI server, ServerTrust trust, Optional<StoredProxy> proxy, String token)
            throws IOException {
        return new Connection(server, trust,
                proxy.isPresent() ? Optional.of(proxy.get().open()) : Optional.empty(), token);
    }

    @Override
    public String toString() {
        return "%s at %s".formatted(userName, server);
    }
}
