package org.vmfinalize.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.client.Api;
import org.vmfinalize.client.ApiException;
import org.vmfinalize.client.UntrustedServerException;
import org.vmfinalize.trust.ServerTrust;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "login", description = {
        "Log in to vCenter through a server, and keep the session for the commands that follow.",
        "",
        "The user and the password come from VMFINALIZE_USER, VMFINALIZE_PASSWORD_FILE or VMFINALIZE_PASSWORD, or are"
                + " asked for; the server may come from VMFINALIZE_SERVER."}, footer = {"", "Examples:",
                        "  vm-finalize login https://finalize.example.org:8443 --ca-file company-ca.pem",
                        "  VMFINALIZE_PASSWORD_FILE=~/.vcenter vm-finalize login https://finalize.example.org:8443 --user alice@vsphere.local"})
final class LoginCommand implements Callable<Integer> {

    @Parameters(paramLabel = "SERVER", arity = "0..1", description = "Such as https://finalize.example.org:8443.")
    private @Nullable URI server;

    @Option(names = "--user", paramLabel = "NAME", description = "The vCenter user, such as alice@vsphere.local.")
    private @Nullable String user;

    @Option(names = "--thumbprint", paramLabel = "SHA-256", description = "Trust the one certificate with this thumbprint; it stands in the server's data directory.")
    private @Nullable String thumbprint;

    @Option(names = "--ca-file", paramLabel = "FILE", description = "Trust what the issuers in this PEM file vouch for.")
    private @Nullable Path issuers;

    @Mixin
    private ProxyOptions proxyOptions = new ProxyOptions();

    @Override
    public Integer call() throws IOException {
        var address = address();
        var trust = new ServerTrust(Optional.ofNullable(thumbprint),
                Optional.ofNullable(issuers).map(Path::toAbsolutePath));
        var proxy = proxyOptions.given();
        var credentials = new Credentials(System.getenv());
        try (var api = new Api(StoredSession.connection(address, trust, proxy, ""))) {
            // Nobody shall type a password for a server that will not get it.
            api.meet();
            var login = api.logIn(credentials.userName(user), credentials.password());
            new StoredSession(address, trust.thumbprint().orElse(null), trust.caFile().orElse(null),
                    proxy, login.userName(), login.token()).write();
            System.out.printf("logged in to %s as %s%n", address, login.userName());
            return ExitStatus.DONE.number();
        } catch (ApiException e) {
            if (e.status() == 401) {
                // Without more: somebody who is logging in need not be told to log in.
                throw new CommandException(ExitStatus.NOT_ALLOWED, String.valueOf(e.getMessage()));
            }
            throw e;
        } catch (UntrustedServerException e) {
            throw new CommandException(ExitStatus.UNREACHABLE,
                    "%s; if that is what the server's own file 'thumbprint' says, log in with --thumbprint %s"
                            .formatted(e.getMessage(), e.thumbprint()));
        }
    }

    private URI address() {
        if (server != null) {
            return server;
        }
        var known = System.getenv("VMFINALIZE_SERVER");
        if (known == null) {
            throw new CommandException(ExitStatus.USAGE,
                    "SERVER: must be given, such as https://finalize.example.org:8443, or be in VMFINALIZE_SERVER");
        }
        return URI.create(known);
    }
}
