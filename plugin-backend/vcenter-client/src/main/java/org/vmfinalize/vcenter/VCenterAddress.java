package org.vmfinalize.vcenter;

import java.net.URI;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Where a vCenter is, and how it is told from an impostor.
///
/// Certificates are checked by exactly one of: a pinned thumbprint (then the host's name does not matter), a file of
/// certificate authorities, or, with neither, the authorities that the JDK trusts. There is no way to check nothing.
///
/// @param sdk        the address of the API: `https://vcenter.example.org/sdk`. The path `/sdk` is added if there is none
/// @param thumbprint SHA-256 of the server's certificate, 64 hexadecimal digits, kept as `AA:BB:…`
/// @param caFile     PEM file of certificate authorities
public record VCenterAddress(URI sdk, Optional<String> thumbprint, Optional<Path> caFile) {

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    public VCenterAddress {
        sdk = withPath(sdk);
        thumbprint = thumbprint.map(VCenterAddress::canonical);
        if (thumbprint.isPresent() && caFile.isPresent()) {
            throw new IllegalArgumentException(
                    "%s: a thumbprint and a file of certificate authorities exclude each other; keep one"
                            .formatted(sdk));
        }
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

    private static String canonical(String thumbprint) {
        String digits = thumbprint.strip().replace(":", "").toUpperCase(Locale.ROOT);
        if (!digits.matches("[0-9A-F]{64}")) {
            throw new IllegalArgumentException(
                    "vCenter thumbprint: must be SHA-256, 64 hexadecimal digits, but was '%s'"
                            .formatted(thumbprint));
        }
        return HexFormat.ofDelimiter(":").withUpperCase().formatHex(HexFormat.of().parseHex(digits));
    }
}
