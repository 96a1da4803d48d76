package org.vmfinalize.server.place;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.vmfinalize.places.remote.Link;
import org.vmfinalize.places.s3.S3Server;
import org.vmfinalize.places.secret.Secrets;
import org.vmfinalize.trust.ClientCertificate;
import org.vmfinalize.trust.ServerTrust;

/// Where backups may be taken from. With no place at all, no machine can be run from a backup: else whoever may run
/// machines could read every file that the server can.
///
/// @param backupDirectories absolute folders, each a place that is named by its path. Texts, since Spring takes the path
///        `/` for the root of the class path
/// @param allowedReferences absolute folders that images of those may refer to files of, besides their own folder
/// @param places further places
/// @param placeCache for the blocks of places far away
/// @param dataDirectory the server's own data, which are never a backup
@ConfigurationProperties("vmfinalize")
record PlacesSettings(@DefaultValue List<String> backupDirectories,
        @DefaultValue List<String> allowedReferences, @DefaultValue List<One> places,
        @DefaultValue Cache placeCache, Path dataDirectory) {

    PlacesSettings {
        for (var folder : backupDirectories) {
            if (!Path.of(folder).isAbsolute()) {
                throw new IllegalArgumentException(
                        "vmfinalize.backup-directories: must be absolute paths but one was '%s'"
                                .formatted(folder));
            }
        }
    }

    /// The cache that all places share which want one.
    ///
    /// @param directory none: a folder of the data directory
    /// @param size how much of the disk it may take
    record Cache(@Nullable Path directory, @DefaultValue("10GB") DataSize size) {}

    /// Where the cache is.
    Path cacheDirectory() {
        var directory = placeCache.directory();
        return directory == null ? dataDirectory.toAbsolutePath().resolve("place-cache") : directory;
    }

    /// One place.
    ///
    /// @param name what people call it
    /// @param uri where it is; its scheme says of which kind it is
    /// @param credentialsFile a file with user and password, token, or keys
    /// @param credentialsEnvironment what the names of the variables begin with that hold them instead
    /// @param caFile PEM file of the certificate authorities that its server's certificate must be signed by
    /// @param thumbprint SHA-256 of its server's certificate
    /// @param tlsCertificates a folder with `ca-cert.pem`, `client-cert.pem` and `client-key.pem`, as libnbd and nbdkit name
    ///        them: what its server's certificate is signed by, unless that is said otherwise, and what is shown to a server
    ///        that asks who this one is
    /// @param parallelism how many requests may be under way at the same time
    /// @param timeout how long a request may go without an answer
    /// @param retryFor for how long a request that brings nothing is repeated before the read fails
    /// @param cache whether its blocks are kept on this server's disk; by default those of web servers, S3 and NBD servers on
    ///        other machines are
    /// @param redirectOrigins servers that a web server may redirect to besides itself
    /// @param allowedReferences folders that its images may refer to files of, besides their own folder: paths, or URIs
    ///        of the place's own server or bucket
    /// @param endpoint the address of an S3 server that is not Amazon's
    /// @param region the S3 server's region
    /// @param pathStyle whether the S3 bucket is named in the path; by default it is where there is an endpoint
    record One(String name, URI uri, @Nullable Path credentialsFile, @Nullable String credentialsEnvironment,
            @Nullable Path caFile, @Nullable String thumbprint, @Nullable Path tlsCertificates,
            @DefaultValue("32") int parallelism, @DefaultValue("20s") Duration timeout,
            @DefaultValue("10s") Duration retryFor, @Nullable Boolean cache,
            @DefaultValue List<URI> redirectOrigins, @DefaultValue List<String> allowedReferences,
            @Nullable URI endpoint,
            @DefaultValue("us-east-1") String region, @Nullable Boolean pathStyle) {

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
            var pinned = Optional.ofNullable(thumbprint).filter(text -> !text.isBlank());
            var authority = Optional.ofNullable(caFile);
            if (tlsCertificates == null) {
                return new ServerTrust(pinned, authority);
            }
            var known = tlsCertificates.resolve("ca-cert.pem");
            if (authority.isEmpty() && pinned.isEmpty() && Files.exists(known)) {
                authority = Optional.of(known);
            }
            var certificate = tlsCertificates.resolve("client-cert.pem");
            return new ServerTrust(pinned, authority, Files.exists(certificate)
                    ? Optional
                            .of(new ClientCertificate(certificate, tlsCertificates.resolve("client-key.pem")))
                    : Optional.empty());
        }

        Secrets secrets() {
            return new Secrets(Optional.ofNullable(credentialsFile),
                    Optional.ofNullable(credentialsEnvironment)
                            .filter(text -> !text.isBlank()));
        }

        S3Server s3Server() {
            return new S3Server(Optional.ofNullable(endpoint), region, pathStyle == null
                    ? endpoint != null
                    : pathStyle);
        }

        Link link() {
            return new Link(name, parallelism, retryFor);
        }
    }
}
