package org.vmfinalize.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import org.vmfinalize.client.Api;
import org.vmfinalize.terminal.Table;
import org.vmfinalize.units.Bytes;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "pace", description = "Show or change how fast a finalization may be, while it runs.", footer = {
        "", "Examples:",
        "  vm-finalize pace web-01", "  vm-finalize pace web-01 --limit '50 MB/s' --priority low",
        "  vm-finalize pace web-01 --limit 0 --latency-goal '10 ms'"})
final class PaceCommand extends ServerCommand {

    @Parameters(paramLabel = "VM|ID", completionCandidates = NamesCommand.OfVms.class, description = "The VM's name or managed object id, or the finalization's id.")
    private String target = "";

    @Mixin
    private PaceOptions options = new PaceOptions();

    @Override
    ExitStatus run(Api api) throws IOException {
        var change = new LinkedHashMap<String, Object>();
        options.into(change);
        var job = Targets.finalization(api, target);
        var now = change.isEmpty() ? job : api.change(job.id(), change);
        var pace = now.json().path("pace");
        long limit = pace.path("bytesPerSecond").asLong(0);
        long goal = pace.path("latencyGoalMillis").asLong(0);
        print(new Table("VM", "STATE", "RATE", "LIMIT", "LATENCY GOAL", "PRIORITY", "LIMITED BY").row(
                now.vmName(),
                now.state(), Bytes.text(now.bytesPerSecond()) + "/s",
                limit == 0 ? "none" : Bytes.text(limit) + "/s",
                goal == 0 ? "auto" : goal + " ms", pace.path("priority").asString("-"),
                pace.path("limitedBy").asString("-")), now.json());
        return ExitStatus.DONE;
    }
}
