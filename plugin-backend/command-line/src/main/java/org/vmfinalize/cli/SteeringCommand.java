package org.vmfinalize.cli;

import java.io.IOException;
import java.util.List;
import org.vmfinalize.client.Api;
import org.vmfinalize.client.Finalization;
import picocli.CommandLine.Parameters;

/// Does one thing to a finalization under way.
abstract class SteeringCommand extends ServerCommand {

    private final String verb;

    @Parameters(paramLabel = "VM|ID", completionCandidates = NamesCommand.OfVms.class, description = "The VM's name or managed object id, or the finalization's id.")
    private String target = "";

    SteeringCommand(String verb) {
        this.verb = verb;
    }

    @Override
    final ExitStatus run(Api api) throws IOException {
        var now = api.steer(Targets.finalization(api, target).id(), verb);
        show(now);
        return ExitStatus.DONE;
    }

    void show(Finalization now) {
        print(FinalizationsCommand.table(List.of(now)), now.json());
    }
}
