package org.vmfinalize.cli;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.client.Api;
import org.vmfinalize.client.Discard;
import org.vmfinalize.terminal.Table;
import org.vmfinalize.units.Bytes;
import org.vmfinalize.units.Times;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "discards", description = {
        "List the VMs that were, or are being, thrown away; the newest first.", "",
        "A discard that cannot come to its end goes on trying until it is withdrawn."}, footer = {"",
                "Examples:", "  vm-finalize discards", "  vm-finalize discards web --output csv"})
final class DiscardsCommand extends ServerCommand {

    @Parameters(paramLabel = "VM", arity = "0..1", description = "A part of the VM's name. Default: all.")
    private @Nullable String vm;

    @Override
    ExitStatus run(Api api) throws IOException {
        var all = api.discards(vm);
        var table = new Table("VM", "ID", "STATE", "GUEST WROTE", "STARTED", "KEPT IN")
                .orSay(vm == null
                        ? "no VM is or was thrown away"
                        : "no VM with '%s' in its name is or was thrown away".formatted(vm));
        for (var each : all) {
            table.row(each.vmName(), each.id(), each.state(), Bytes.text(each.guestWrittenBytes()),
                    Times.withoutFraction(each.startedAt()),
                    each.keptFiles().isEmpty() ? "-" : String.join(", ", each.keptFiles()));
        }
        print(table, all.stream().map(Discard::json).toList());
        return ExitStatus.DONE;
    }
}
