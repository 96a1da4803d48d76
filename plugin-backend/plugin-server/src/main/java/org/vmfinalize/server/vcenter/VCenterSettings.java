package org.vmfinalize.server.vcenter;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.vmfinalize.trust.HttpProxy;
import org.vmfinalize.vcenter.VCenterAddress;

/// Which vCenter, and as whom the server works there.
///
/// @param url such as `https://vcenter.example.org/sdk`; without it the server serves its datastores and nothing else
/// @param thumbprint SHA-256 of vCenter's certificate, if that is pinned
/// @param caFile PEM file of certificate authorities, if those are trusted
/// @param proxy the HTTP proxy on the way to it, such as `http://proxy.example.org:3128`
/// @param proxyUser who logs in to the proxy, if it wants a login
/// @param proxyPasswordFile a file with that one's password; a line feed at its end does not count
/// @param user the service account
/// @param passwordFile a file with its password; a line feed at its end does not count
@ConfigurationProperties("vmfinalize.vcenter")
record VCenterSettings(@Nullable URI url, @Nullable String thumbprint, @Nullable Path caFile,
        @Nullable URI proxy, @Nullable String proxyUser, @Nullable Path proxyPasswordFile,
        @Nullable String user, @Nullable Path passwordFile) {

    VCenterAddress address() {
        if (url == null) {
            throw new IllegalStateException("vmfinalize.vcenter.url must be set");
        }
        return new VCenterAddress(url, Optional.ofNullable(thumbprint).filter(text -> !text.isBlank()),
                Optional.ofNullable(caFile), way());
    }

    private Optional<HttpProxy> way() {
        if (proxyUser == null && proxyPasswordFile == null) {
            return Optional.ofNullable(proxy).map(HttpProxy::at);
        }
        if (proxy == null || proxyUser == null || proxyPasswordFile == null) {
            throw new IllegalArgumentException(
                    "vmfinalize.vcenter: proxy, proxy-user and proxy-password-file belong together; set all three, or proxy alone");
        }
        return Optional.of(HttpProxy.at(proxy).loggedInAs(proxyUser, proxyPassword(proxyPasswordFile)));
    }

    private static String proxyPassword(Path file) {
        try {
            return Files.readString(file).replaceFirst("\\R\\z", "");
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "%s: the password for the proxy cannot be read; check vmfinalize.vcenter.proxy-password-file and its permissions"
                            .formatted(file),
                    e);
        }
    }
}
