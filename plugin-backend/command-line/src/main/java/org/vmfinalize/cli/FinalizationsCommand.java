package org.vmfinalize.cli;

import java.io.IOException;
import org.vmfinalize.client.Api;
import org.vmfinalize.client.Finalization;
import org.vmfinalize.terminal.Table;
import org.vmfinalize.units.Bytes;
import org.vmfinalize.units.Times;
import picocli.CommandLine.Command;

@Command(name = "finalizations", description = "List the finalizations, those that are over too.", footer = {
        "", "Examples:", "  vm-finalize finalizations", "  vm-finalize finalizations --output json"})
final class FinalizationsCommand extends ServerCommand {

    @Override
    ExitStatus run(Api api) throws IOException {
        var all = api.finalizations();
        print(table(all), all.stream().map(Finalization::json).toList());
        return ExitStatus.DONE;
    }

    static Table table(Iterable<Finalization> all) {
        var table = new Table("VM", "ID", "STATE", "DONE", "OF", "STARTED", "REASON")
                .orSay("no VM is or was finalized; 'vm-finalize finalize VM' makes one permanent");
        for (var each : all) {
            table.row(each.vmName(), each.id(), each.state(), each.percent() + " %",
                    Bytes.text(each.totalBytes()),
                    Times.withoutFraction(each.json().path("startedAt").asString("-")),
                    each.reason().orElse("-"));
        }
        return table;
    }
}
