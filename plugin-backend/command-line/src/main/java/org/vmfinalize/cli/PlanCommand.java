package org.vmfinalize.cli;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(name = PlanCommand.NAME, subcommands = {FinalizeCommand.class, RunCommand.class,
        DiscardCommand.class}, description = {
                "Say what a command would do, and whether it could, without doing it.", "",
                "The same as the command with --dry-run. Exit status 1 if it would be refused; each refusal comes with its remedy."}, footer = {
                        "", "Examples:",
                        "  vm-finalize plan finalize web-01 --name web-01-prod --provisioning thick",
                        "  vm-finalize plan run db-01 --name db-01-test --datastore instant-1 --output json"})
final class PlanCommand implements Callable<Integer> {

    static final String NAME = "plan";

    @Spec
    private @Nullable CommandSpec command;

    @Override
    public Integer call() {
        throw new ParameterException(Objects.requireNonNull(command).commandLine(),
                "plan: must be given what to plan, such as 'plan finalize web-01'");
    }

    /// Whether a command was called below this one.
    static boolean isAbove(@Nullable CommandSpec command) {
        return command != null && command.parent() != null && command.parent().name().equals(NAME);
    }
}
