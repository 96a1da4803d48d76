package org.vmfinalize.cli;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "man", description = "Print the manual page, of all commands or of one, in the form that man reads.", footer = {
        "", "Examples:", "  vm-finalize man | man -l -", "  vm-finalize man finalize | man -l -",
        "  vm-finalize man > /usr/local/share/man/man1/vm-finalize.1"})
final class ManualCommand implements Callable<Integer> {

    @Spec
    private @Nullable CommandSpec command;

    @Parameters(paramLabel = "COMMAND", arity = "0..1", description = "Such as finalize.")
    private @Nullable String verb;

    @Override
    public Integer call() {
        var root = Objects.requireNonNull(command).root();
        var wanted = verb == null ? root.commandLine() : root.subcommands().get(verb);
        if (wanted == null) {
            throw Targets.notFound("command", Objects.requireNonNull(verb), root.subcommands().keySet(),
                    "is there");
        }
        System.out.print(new ManualPage(wanted.getCommandSpec()).text());
        return ExitStatus.DONE.number();
    }
}
