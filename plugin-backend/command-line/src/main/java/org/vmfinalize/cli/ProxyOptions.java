package org.vmfinalize.cli;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The proxy on the way to the server. Its password is in a file, which every command reads again: it is kept nowhere else.
final class ProxyOptions {

    @Option(names = "--proxy", paramLabel = "URL", description = "The proxy on the way to the server, such as http://proxy.example.org:3128.")
    private @Nullable URI proxy;

    @Option(names = "--proxy-user", paramLabel = "NAME", description = "Who logs in to the proxy, if it wants a login.")
    private @Nullable String user;

    @Option(names = "--proxy-password-file", paramLabel = "FILE", description = "A file with that one's password, which nobody but you may read.")
    private @Nullable Path passwordFile;

    /// @throws CommandException if one is given without the others
    Optional<StoredProxy> given() {
        if (user == null && passwordFile == null) {
            return Optional.ofNullable(proxy).map(address -> new StoredProxy(address, null, null));
        }
        if (proxy == null || user == null || passwordFile == null) {
            throw new CommandException(ExitStatus.USAGE,
                    "--proxy-user: goes with --proxy and --proxy-password-file; give all three");
        }
        return Optional.of(new StoredProxy(proxy, user, passwordFile.toAbsolutePath()));
    }
}
