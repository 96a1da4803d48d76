package org.vmfinalize.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/// Whether a command is only to say what it would do: by its option, or since it was called below `plan`.
final class DryRun {

    @Spec(Target.MIXEE)
    private @Nullable CommandSpec command;

    @Option(names = "--dry-run", description = "Only say what would be done, and whether it could be.")
    private boolean dryRun;

    boolean isAsked() {
        return dryRun || PlanCommand.isAbove(command);
    }
}
