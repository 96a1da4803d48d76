package org.vmfinalize.server.vcenter;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.vmfinalize.vcenter.VCenterAddress;

/// Which vCenter, and as whom the server works there.
///
/// @param url such as `https://vcenter.example.org/sdk`; without it the server serves its datastores and nothing else
/// @param thumbprint SHA-256 of vCenter's certificate, if that is pinned
/// @param caFile PEM file of certificate authorities, if those are trusted
/// @param proxy the HTTP proxy on the way to it, such as `http://proxy.example.org:3128`
/// @param user the service account
/// @param passwordFile a file with its password; a line feed at its end does not count
@ConfigurationProperties("vmfinalize.vcenter")
record VCenterSettings(@Nullable URI url, @Nullable String thumbprint, @Nullable Path caFile,
        @Nullable URI proxy, @Nullable String user,
        @Nullable Path passwordFile) {

    VCenterAddress address() {
        if (url == null) {
            throw new IllegalStateException("vmfinalize.vcenter.url must be set");
        }
        return new VCenterAddress(url, Optional.ofNullable(thumbprint).filter(text -> !text.isBlank()),
                Optional.ofNullable(caFile), Optional.ofNullable(proxy));
    }
}
