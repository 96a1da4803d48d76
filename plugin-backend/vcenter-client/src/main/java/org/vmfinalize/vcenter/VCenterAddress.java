package org.vmfinalize.vcenter;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.vmfinalize.trust.HttpProxy;
import org.vmfinalize.trust.ServerTrust;

/// Where a vCenter is, and how it is told from an impostor.
///
/// Certificates are checked by exactly one of: a pinned thumbprint (then the host's name does not matter), a file of
/// certificate authorities, or, with neither, the authorities that the JDK trusts. There is no way to check nothing.
///
/// @param sdk        the address of the API: `https://vcenter.example.org/sdk`. The path `/sdk` is added if there is none
/// @param thumbprint SHA-256 of the server's certificate, 64 hexadecimal digits, kept as `AA:BB:…`
/// @param caFile     PEM file of certificate authorities
/// @param proxy      the HTTP proxy on the way; without it the JVM's own (`https.proxyHost`), if it has one
public record VCenterAddress(URI sdk, Optional<String> thumbprint, Optional<Path> caFile,
        Optional<HttpProxy> proxy) {

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    public VCenterAddress {
        sdk = withPath(sdk);
        try {
            thumbprint = new ServerTrust(thumbprint, caFile).thumbprint();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("vCenter %s: %s".formatted(sdk, e.getMessage()), e);
        }
    }

    /// A vCenter to which no proxy need be named.
    public VCenterAddress(URI sdk, Optional<String> thumbprint, Optional<Path> caFile) {
        this(sdk, thumbprint, caFile, Optional.empty());
    }

    /// The same vCenter behind a proxy.
    public VCenterAddress through(Optional<HttpProxy> newProxy) {
        return new VCenterAddress(sdk, thumbprint, caFile, newProxy);
    }

    /// A vCenter whose certificate has this SHA-256 thumbprint, with or without colons.
    public static VCenterAddress pinned(URI sdk, String thumbprint) {
        return new VCenterAddress(sdk, Optional.of(thumbprint), Optional.empty());
    }

    /// A vCenter whose certificate one of the authorities in a PEM file has signed.
    public static VCenterAddress trusting(URI sdk, Path caFile) {
        return new VCenterAddress(sdk, Optional.empty(), Optional.of(caFile));
    }

    /// A vCenter whose certificate one of the JDK's authorities has signed.
    public static VCenterAddress of(URI sdk) {
        return new VCenterAddress(sdk, Optional.empty(), Optional.empty());
    }

    /// An address below the vCenter's root.
    public URI resolve(String absolutePath) {
        return sdk.resolve(absolutePath);
    }

    /// Which certificates are the vCenter's.
    public ServerTrust trust() {
        return new ServerTrust(thumbprint, caFile);
    }

    private static URI withPath(URI sdk) {
        String scheme = sdk.getScheme();
        String host = sdk.getHost();
        if (sdk.getRawUserInfo() != null) {
            throw new IllegalArgumentException(
                    "vCenter address: must not contain a user name or a password; give those apart from the address");
        }
        if (host == null || sdk.getQuery() != null || sdk.getFragment() != null
                || !("https".equals(scheme) || "http".equals(scheme))) {
            throw new IllegalArgumentException(
                    "vCenter address: must look like https://vcenter.example.org/sdk but was '%s'"
                            .formatted(sdk));
        }
        if ("http".equals(scheme) && !LOOPBACK.contains(host)) {
            throw new IllegalArgumentException(
                    "vCenter address: '%s' would send passwords in the clear; use https".formatted(sdk));
        }
        String path = sdk.getPath();
        return path == null || path.isEmpty() || path.equals("/") ? sdk.resolve("/sdk") : sdk;
    }
}
