package org.vmfinalize.server.plugin;

import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.server.vcenter.VmFinalizeKeys;
import org.vmfinalize.trust.HttpProxy;
import org.vmfinalize.vcenter.Extension;
import org.vmfinalize.vcenter.VCenter;
import org.vmfinalize.vcenter.VCenterAddress;
import org.vmfinalize.vcenter.VCenterException;
import org.vmfinalize.vcenter.soap.SoapConnector;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `vm-finalize register|unregister|status --vcenter URL`: the plugin's registration, seen and changed straight at vCenter,
/// while no server runs, as a user who may do that.
@Command(name = "vm-finalize", subcommands = {WithoutServer.Register.class, WithoutServer.Unregister.class,
        WithoutServer.Status.class})
public final class WithoutServer {

    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int USAGE = 2;
    private static final int UNREACHABLE = 3;

    private static final List<String> WORDS = List.of("register", "unregister", "status");

    /// Whether these arguments are for this, and not settings of a server.
    public static boolean isMeant(String... arguments) {
        return arguments.length > 0 && WORDS.contains(arguments[0]);
    }

    /// Does what they say.
    ///
    /// @param environment `VMFINALIZE_USER`, `VMFINALIZE_PASSWORD_FILE`, `VMFINALIZE_PASSWORD`; what is missing is asked for
    /// @return the exit status
    public static int run(Map<String, String> environment, PrintStream out, PrintStream err,
            String... arguments) {
        var line = new CommandLine(new WithoutServer(), new Factory(environment, out));
        line.setParameterExceptionHandler((refusal, _) -> {
            err.println("vm-finalize: %s; see 'vm-finalize %s --help'".formatted(refusal.getMessage(),
                    arguments[0]));
            return USAGE;
        });
        line.setExecutionExceptionHandler((failure, _, _) -> {
            err.println("vm-finalize: " + failure.getMessage());
            return failure instanceof VCenterException
                    ? UNREACHABLE
                    : failure instanceof IllegalArgumentException ? USAGE : FAILED;
        });
        return line.execute(arguments);
    }

    /// Gives each command its surroundings.
    private record Factory(Map<String, String> environment, PrintStream out) implements CommandLine.IFactory {

        @Override
        public <K> K create(Class<K> type) throws Exception {
            var made = CommandLine.defaultFactory().create(type);
            if (made instanceof Step step) {
                step.environment = environment;
                step.out = out;
            }
            return made;
        }
    }

    /// Which vCenter, and who.
    private static final class Where {

        @Option(names = "--vcenter", required = true, paramLabel = "URL", description = "Such as https://vcenter.example.org.")
        private URI vcenter = URI.create("https://localhost");

        @Option(names = "--vcenter-thumbprint", paramLabel = "SHA-256", description = "Trust the one certificate with this thumbprint.")
        private @Nullable String thumbprint;

        @Option(names = "--vcenter-ca-file", paramLabel = "FILE", description = "Trust what the issuers in this PEM file vouch for.")
        private @Nullable Path caFile;

        @Option(names = "--vcenter-proxy", paramLabel = "URL", description = "The proxy on the way, such as http://proxy.example.org:3128.")
        private @Nullable URI proxy;

        @Option(names = "--vcenter-proxy-user", paramLabel = "NAME", description = "Who logs in to the proxy, if it wants a login.")
        private @Nullable String proxyUser;

        @Option(names = "--vcenter-proxy-password-file", paramLabel = "FILE", description = "A file with that one's password.")
        private @Nullable Path proxyPasswordFile;

        @Option(names = "--user", paramLabel = "NAME", description = "The vCenter user. Default: VMFINALIZE_USER, else asked for.")
        private @Nullable String user;

        @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this and end.")
        @SuppressWarnings("UnusedVariable") // picocli looks at it
        private boolean help;

        private VCenterAddress address() throws IOException {
            return new VCenterAddress(vcenter, Optional.ofNullable(thumbprint),
                    Optional.ofNullable(caFile).map(Path::toAbsolutePath), way());
        }

        private Optional<HttpProxy> way() throws IOException {
            if (proxyUser == null && proxyPasswordFile == null) {
                return Optional.ofNullable(proxy).map(HttpProxy::at);
            }
            if (proxy == null || proxyUser == null || proxyPasswordFile == null) {
                throw new IllegalArgumentException(
                        "--vcenter-proxy-user: goes with --vcenter-proxy and --vcenter-proxy-password-file; give all three");
            }
            return Optional.of(HttpProxy.at(proxy).loggedInAs(proxyUser, firstLine(proxyPasswordFile)));
        }
    }

    /// Which server is to be registered.
    private static final class Which {

        @Option(names = "--url", required = true, paramLabel = "URL", description = "Where vCenter reaches the server, such as https://finalize.example.org:8443.")
        private String url = "";

        @Option(names = "--thumbprint", required = true, paramLabel = "SHA-256|FILE", description = "Of the server's certificate; or the file 'thumbprint' in the server's data directory.")
        private String thumbprint = "";

        private Extension extension() throws IOException {
            if (!url.matches("https://[^/\\s]+/?")) {
                throw new IllegalArgumentException(
                        "--url: must look like https://finalize.example.org:8443 but was '%s'"
                                .formatted(url));
            }
            var text = thumbprint.matches("(?i)[0-9a-f]{2}(:[0-9a-f]{2}){31}")
                    ? thumbprint
                    : Files.readString(Path.of(thumbprint)).strip();
            return PluginExtension.of(version(), url.replaceFirst("/+$", ""), text);
        }

        private static String version() throws IOException {
            var build = new Properties();
            try (InputStream in = WithoutServer.class
                    .getResourceAsStream("/META-INF/build-info.properties")) {
                if (in != null) {
                    build.load(in);
                }
            }
            return Registration.numbers(build.getProperty("build.version"));
        }
    }

    /// One command.
    abstract static class Step implements Callable<Integer> {

        @Mixin
        private Where where = new Where();

        private Map<String, String> environment = Map.of();
        private PrintStream out = System.out;

        @Override
        public Integer call() throws IOException {
            try (var connector = new SoapConnector(where.address());
                    var session = connector.login(user(), password())) {
                return run(session, out);
            }
        }

        abstract int run(VCenter session, PrintStream print) throws IOException;

        private String user() {
            return Optional.ofNullable(where.user).or(() -> given("VMFINALIZE_USER"))
                    .or(() -> console().map(console -> console.readLine("vCenter user: "))).orElseThrow(
                            () -> missing("user", "give --user or set VMFINALIZE_USER"));
        }

        private String password() throws IOException {
            var file = given("VMFINALIZE_PASSWORD_FILE");
            if (file.isPresent()) {
                return firstLine(Path.of(file.get()));
            }
            return given("VMFINALIZE_PASSWORD")
                    .or(() -> console().map(console -> new String(console.readPassword("password: "))))
                    .orElseThrow(
                            () -> missing("password", "set VMFINALIZE_PASSWORD_FILE or VMFINALIZE_PASSWORD"));
        }

        @SuppressWarnings("SystemConsoleNull") // JDK 25 has no console object again where there is no terminal.
        private static Optional<Console> console() {
            return Optional.ofNullable(System.console()).filter(Console::isTerminal);
        }

        private Optional<String> given(String name) {
            return Optional.ofNullable(environment.get(name));
        }

        private static IllegalArgumentException missing(String what, String remedy) {
            return new IllegalArgumentException(
                    "%s: none is given, and there is no terminal to ask for it; %s".formatted(what, remedy));
        }
    }

    private static String firstLine(Path file) throws IOException {
        try {
            return Files.readString(file).replaceFirst("\\R(?s).*", "");
        } catch (NoSuchFileException e) {
            throw new IOException("%s: must be a file with a password but is not there".formatted(file), e);
        }
    }

    private static List<Difference> differences(VCenter session, Extension wanted) {
        var registration = session.findExtension(VmFinalizeKeys.EXTENSION)
                .map(found -> Difference.between(found, wanted))
                .orElseGet(() -> List.of(new Difference("registration", "", wanted.version())));
        return Stream.concat(registration.stream(), Difference.ofAlarm(
                session.findAlarm(VmFinalizeKeys.ALARM_BACKUP.name()), VmFinalizeKeys.ALARM_BACKUP).stream())
                .toList();
    }

    private static void print(PrintStream out, List<Difference> differences) {
        differences.forEach(one -> out.printf("%s: %s, would be %s%n", one.what(),
                one.registered().isEmpty() ? "not there" : one.registered(),
                one.wanted().isEmpty() ? "taken away" : one.wanted()));
    }

    @Command(name = "register", description = "Register a server with vCenter as a plugin, or bring that up to date, while the server does not run.")
    static final class Register extends Step {

        @Mixin
        private Which which = new Which();

        @Option(names = {"-n", "--dry-run"}, description = "Only show what would change.")
        private boolean dryRun;

        @Override
        int run(VCenter session, PrintStream print) throws IOException {
            var wanted = which.extension();
            var before = differences(session, wanted);
            if (before.isEmpty()) {
                print.printf("%s: vm-finalize %s is registered and up to date%n", session.about().name(),
                        wanted.version());
                return DONE;
            }
            if (!dryRun) {
                Registration.bringUpToDate(session, wanted);
                session.defineAlarm(VmFinalizeKeys.ALARM_BACKUP);
                print.printf("%s: vm-finalize %s is registered%n", session.about().name(), wanted.version());
            }
            WithoutServer.print(print, before);
            return DONE;
        }
    }

    @Command(name = "unregister", description = "Take the registration away, and what vm-finalize has defined in vCenter.")
    static final class Unregister extends Step {

        @Option(names = {"-n",
                "--dry-run"}, description = "Only show whether there is something to take away.")
        private boolean dryRun;

        @Override
        int run(VCenter session, PrintStream print) {
            var managed = session.virtualMachines().stream()
                    .filter(vm -> vm.managedBy().equals(Optional.of(VmFinalizeKeys.INSTANT_VM))).toList();
            if (!managed.isEmpty()) {
                throw new IllegalStateException(
                        "registration: machines run from backups, whose tasks and icons would be lost: %s; finalize or discard them first"
                                .formatted(String.join(", ",
                                        managed.stream().map(vm -> vm.name()).limit(5).toList())));
            }
            boolean there = session.findExtension(VmFinalizeKeys.EXTENSION).isPresent();
            if (!dryRun) {
                Registration.takeAway(session);
            }
            print.printf("%s: vm-finalize %s%n", session.about().name(), !there
                    ? "is not registered"
                    : dryRun ? "is registered, which would be taken away" : "is not registered any more");
            return DONE;
        }
    }

    @Command(name = "status", description = "Show whether a server is registered with vCenter.")
    static final class Status extends Step {

        @Override
        int run(VCenter session, PrintStream print) {
            var found = session.findExtension(VmFinalizeKeys.EXTENSION);
            print.printf("%s: vm-finalize %s%n", session.about().name(), found
                    .map(extension -> "%s is registered, %s".formatted(extension.version(), String.join(", ",
                            extension.servers().stream().map(Extension.Server::url).toList())))
                    .orElse("is not registered"));
            return found.isPresent() ? DONE : FAILED;
        }
    }
}
