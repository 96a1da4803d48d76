package org.vmfinalize.server.place;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.vmfinalize.places.remote.Link;
import org.vmfinalize.trust.ServerTrust;

/// Where backups may be taken from. With no place at all, no machine can be run from a backup: else whoever may run
/// machines could read every file that the server can.
///
/// @param backupDirectories absolute folders, each a place that is named by its path. Texts, since Spring takes the path
///        `/` for the root of the class path
/// @param places further places
/// @param dataDirectory the server's own data, which are never a backup
@ConfigurationProperties("vmfinalize")
record PlacesSettings(@DefaultValue List<String> backupDirectories, @DefaultValue List<One> places,
        Path dataDirectory) {

    PlacesSettings {
        for (var folder : backupDirectories) {
            if (!Path.of(folder).isAbsolute()) {
                throw new IllegalArgumentException(
                        "vmfinalize.backup-directories: must be absolute paths but one was '%s'"
                                .formatted(folder));
            }
        }
    }

    /// One place.
    ///
    /// @param name what people call it
    /// @param uri where it is; its scheme says of which kind it is
    /// @param caFile PEM file of the certificate authorities that its server's certificate must be signed by
    /// @param thumbprint SHA-256 of its server's certificate
    /// @param parallelism how many requests may be under way at the same time
    /// @param timeout how long a request may go without an answer
    /// @param retryFor for how long a request that brings nothing is repeated before the read fails
    record One(String name, URI uri, @Nullable Path caFile, @Nullable String thumbprint,
            @DefaultValue("32") int parallelism, @DefaultValue("20s") Duration timeout,
            @DefaultValue("10s") Duration retryFor) {

        One {
            if (!name.matches("[A-Za-z0-9][A-Za-z0-9_.-]{0,41}")) {
                throw new IllegalArgumentException(
                        "place '%s': the name must be 1 to 42 letters, digits, '_', '.' or '-' and begin with a letter or digit; change vmfinalize.places"
                                .formatted(name));
            }
            if (uri.getRawUserInfo() != null) {
                throw new IllegalArgumentException(
                        "place '%s': the uri must hold no user or password; put them into a credentials-file"
                                .formatted(name));
            }
        }

        ServerTrust trust() {
            return new ServerTrust(Optional.ofNullable(thumbprint).filter(text -> !text.isBlank()),
                    Optional.ofNullable(caFile));
        }

        Link link() {
            return new Link(name, parallelism, retryFor);
        }
    }
}
