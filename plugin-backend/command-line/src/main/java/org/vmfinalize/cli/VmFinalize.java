package org.vmfinalize.cli;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.vmfinalize.client.ApiException;
import org.vmfinalize.client.UnreachableException;
import org.vmfinalize.client.UntrustedServerException;
import org.vmfinalize.receipts.VerifyCommand;
import org.vmfinalize.terminal.Printable;
import org.vmfinalize.terminal.Terminal;
import org.vmfinalize.units.NearestNames;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/// The command `vm-finalize`.
@Command(name = VmFinalize.NAME, versionProvider = Version.class, sortOptions = false, subcommands = {
        LoginCommand.class, LogoutCommand.class,
        BackupsCommand.class, RunCommand.class, VmsCommand.class, FinalizeCommand.class, PlanCommand.class,
        WatchCommand.class,
        FinalizationsCommand.class, PaceCommand.class, PauseCommand.class, ResumeCommand.class,
        CancelCommand.class,
        ReceiptCommand.class, VerifyCommand.class, VerifyBackupCommand.class, DiscardCommand.class,
        DiscardsCommand.class, WithdrawCommand.class,
        DatastoresCommand.class,
        ProvidersCommand.class, StatusCommand.class, RegisterCommand.class, UnregisterCommand.class,
        DoctorCommand.class,
        ConsoleCommand.class, RunScriptCommand.class, ServeCommand.class, CompletionCommand.class,
        ManualCommand.class,
        NamesCommand.class}, description = {
                "Makes VMware VMs that run from backups permanent, while they run."}, footer = {
                        "",
                        "Exit status: 0 done; 1 refused or failed; 2 wrong command line; 3 server unreachable or not trusted;"
                                + " 4 no session or privilege; 5 not found; 6 cancelled; 130 interrupted."})
public final class VmFinalize {

    static final String NAME = "vm-finalize";

    private static final int NARROWEST = 60;
    private static final int WIDEST = 100;

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Show where in the program an error comes from.")
    private boolean debug;

    @Option(names = "--version", versionHelp = true, description = "Show the version and end.")
    @SuppressWarnings("UnusedVariable") // picocli looks at it
    private boolean version;

    @Option(names = {"-h",
            "--help"}, usageHelp = true, scope = ScopeType.INHERIT, description = "Show this and end.")
    @SuppressWarnings("UnusedVariable") // picocli looks at it
    private boolean help;

    /// Runs one command and ends the process with its exit status.
    public static void main(String... arguments) {
        Locale.setDefault(Locale.ROOT);
        System.exit(run(arguments));
    }

    static int run(String... arguments) {
        var command = new VmFinalize();
        var line = commandLine(command);
        return line
                .setParameterExceptionHandler((refusal, _) -> refuse(refusal))
                .setExecutionExceptionHandler((failure, _, _) -> command.fail(failure))
                .setExitCodeExceptionMapper(_ -> ExitStatus.FAILED.number())
                .execute(arguments);
    }

    /// Whether errors are to be shown with where they come from.
    boolean isDebugged() {
        return debug;
    }

    static CommandLine commandLine(VmFinalize command) {
        var line = new CommandLine(command).setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpWidth(width());
        // What follows a script is the script's own.
        Objects.requireNonNull(line.getSubcommands().get("run-script")).setStopAtPositional(true);
        Objects.requireNonNull(line.getSubcommands().get("serve"))
                .setUnmatchedOptionsArePositionalParams(true);
        return line;
    }

    /// That of the terminal, but no line is longer than is read with ease.
    private static int width() {
        int columns = Terminal.columns();
        return columns == 0 ? WIDEST : Math.clamp(columns, NARROWEST, WIDEST);
    }

    private static int refuse(ParameterException refusal) {
        var near = refusal instanceof UnmatchedArgumentException unmatched
                ? meant(unmatched)
                : List.<String>of();
        var hint = near.isEmpty() ? "" : "; did you mean %s?".formatted(String.join(" or ", near));
        System.err.printf("vm-finalize: %s%s (see '%s --help')%n", reason(refusal), hint,
                refusal.getCommandLine().getCommandSpec().qualifiedName());
        return ExitStatus.USAGE.number();
    }

    private static List<String> meant(UnmatchedArgumentException unmatched) {
        if (unmatched.getUnmatched().isEmpty()) {
            return List.of();
        }
        var word = unmatched.getUnmatched().getFirst();
        var spec = unmatched.getCommandLine().getCommandSpec();
        if (unmatched.isUnknownOption()) {
            return NearestNames.of(word, spec.optionsMap().keySet());
        }
        return NearestNames.of(word, spec.subcommands().entrySet().stream()
                .filter(verb -> !verb.getValue().getCommandSpec().usageMessage().hidden())
                .map(Map.Entry::getKey).toList());
    }

    private static String reason(ParameterException refusal) {
        if (refusal instanceof UnmatchedArgumentException unmatched && !unmatched.getUnmatched().isEmpty()) {
            var first = unmatched.getUnmatched().getFirst();
            if (unmatched.isUnknownOption()) {
                return first + ": there is no such option";
            }
            return refusal.getCommandLine().getSubcommands().isEmpty()
                    ? first + ": nothing more is taken here"
                    : first + ": there is no such command";
        }
        return oneLine(refusal);
    }

    private int fail(Exception failure) {
        System.err.println("vm-finalize: " + oneLine(failure) + remedy(failure));
        if (debug) {
            failure.printStackTrace();
        }
        return statusOf(failure).number();
    }

    private static String remedy(Exception failure) {
        return failure instanceof ApiException refused && refused.status() == 401
                ? " (log in with 'vm-finalize login')"
                : "";
    }

    private static ExitStatus statusOf(Exception failure) {
        return switch (failure) {
            case CommandException e -> e.status();
            case UnreachableException _,UntrustedServerException _ -> ExitStatus.UNREACHABLE;
            case ApiException e when e.status() == 401 || e.status() == 403 -> ExitStatus.NOT_ALLOWED;
            case ApiException e when e.status() == 404 -> ExitStatus.NOT_FOUND;
            case IllegalArgumentException _ -> ExitStatus.USAGE;
            case IOException _ -> ExitStatus.FAILED;
            default -> ExitStatus.FAILED;
        };
    }

    private static String oneLine(Throwable failure) {
        var message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        return Printable.text(message.replaceAll("\\s*\\R\\s*", " "));
    }
}
