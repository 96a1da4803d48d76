package org.vmfinalize.cli;

import java.io.IOException;
import org.vmfinalize.client.Api;
import org.vmfinalize.terminal.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "watch", description = {"Show the progress of a finalization to its end.", "",
        "Ctrl-C lets go of it; the job goes on."}, footer = {"", "Example:", "  vm-finalize watch web-01"})
final class WatchCommand extends ServerCommand {

    @Parameters(paramLabel = "VM|ID", completionCandidates = NamesCommand.OfVms.class, description = "The VM's name or managed object id, or the finalization's id.")
    private String target = "";

    @Override
    ExitStatus run(Api api) throws IOException {
        return new Watch(api, new Terminal(out(), isForPeople() && Terminal.isTerminal()))
                .run(Targets.finalization(api, target));
    }
}
