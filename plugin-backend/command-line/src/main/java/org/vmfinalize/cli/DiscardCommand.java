package org.vmfinalize.cli;

import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.client.Api;
import org.vmfinalize.client.InstantVm;
import org.vmfinalize.terminal.Prompt;
import org.vmfinalize.terminal.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "discard", description = {
        "Throw away a VM that runs from a backup, with what its guest wrote.", "",
        "The original VM and the backup stay as they are."}, footer = {"", "Examples:",
                "  vm-finalize discard db-01-test --yes",
                "  vm-finalize discard db-01-test --keep-changes db-01-test"})
final class DiscardCommand extends ServerCommand {

    @Parameters(paramLabel = "VM", completionCandidates = NamesCommand.OfVms.class, description = "Its name, or its managed object id, such as vm-51.")
    private String vm = "";

    @Option(names = "--keep-changes", paramLabel = "NAME", description = "Keep what the guest wrote as qcow2 overlays on the backup, under this name in the server's folder for changes.")
    private @Nullable String keepChanges;

    @Option(names = {"-y", "--yes"}, description = "Do not ask.")
    private boolean yes;

    @Mixin
    private DryRun dryRun = new DryRun();

    @Override
    ExitStatus run(Api api) throws IOException {
        var target = Targets.vmOrGone(api, vm);
        if (dryRun.isAsked()) {
            return show(api.planDiscard(target.id(), options()));
        }
        if (!yes && !isConfirmed(target)) {
            throw new CommandException(ExitStatus.USAGE,
                    "VM %s: it was not confirmed that it shall be thrown away; give --yes"
                            .formatted(target.name()));
        }
        var answer = api.discard(target.id(), options());
        if (isForPeople()) {
            out().println(answer.path("message").asString(""));
        } else {
            print(new Table("VM", "STATE").row(target.name(), answer.path("state").asString("")), answer);
        }
        return ExitStatus.DONE;
    }

    private Map<String, String> options() {
        return keepChanges == null ? Map.of() : Map.of("keepChanges", keepChanges);
    }

    private static boolean isConfirmed(InstantVm target) {
        return Prompt.line("throw away VM %s, with what its guest wrote? [y/N] ".formatted(target.name()))
                .orElse("")
                .strip().equalsIgnoreCase("y");
    }
}
