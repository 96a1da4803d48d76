package org.vmfinalize.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(name = "completion", description = {
        "Print what makes bash and zsh complete this command."}, footer = {"", "Example:",
                "  source <(vm-finalize completion)"})
final class CompletionCommand implements Callable<Integer> {

    @Spec
    private @Nullable CommandSpec command;

    @Override
    public Integer call() {
        if (command != null) {
            System.out.println(AutoComplete.bash(VmFinalize.NAME, command.root().commandLine())
                    .replace("(\"%s\")".formatted(NamesCommand.OF_VMS),
                            "( $(%s names 2>/dev/null) )".formatted("\"${COMP_WORDS[0]}\"")));
        }
        return ExitStatus.DONE.number();
    }
}
