package org.vmfinalize.lab.client;

import java.net.URI;
import java.util.Optional;
import org.vmfinalize.vcenter.Extension;

/// Where a registered plugin's server is, and under which path of this origin it is published.
///
/// @param key        the extension's key
/// @param path       `/plugins/KEY~VERSION~1/HOST-PORT/`, with a slash at its end
/// @param server     the server's root
/// @param manifest   the manifest's path below that root
/// @param thumbprint SHA-256 of its certificate, hexadecimal pairs with colons
record PluginAddress(String key, String path, URI server, String manifest, String thumbprint) {

    /// Empty for an extension without a user interface, or whose server's certificate is not known.
    static Optional<PluginAddress> of(Extension extension) {
        if (extension.clients().isEmpty() || extension.servers().isEmpty()) {
            return Optional.empty();
        }
        Extension.Server server = extension.servers().getFirst();
        URI manifest = URI.create(server.url());
        return server.thumbprint().map(thumbprint -> new PluginAddress(extension.key(),
                "%s%s~%s~1/%s-%d/".formatted(PluginProxy.ROOT, extension.key(), extension.version(),
                        manifest.getHost(),
                        port(manifest)),
                manifest.resolve("/"), manifest.getRawPath().substring(1), thumbprint));
    }

    private static int port(URI uri) {
        return uri.getPort() < 0 ? 443 : uri.getPort();
    }
}
