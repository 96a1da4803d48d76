package org.vmfinalize.cli;

import java.io.IOException;
import org.vmfinalize.client.Api;
import org.vmfinalize.client.Discard;
import org.vmfinalize.terminal.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "withdraw", description = {
        "Withdraw the discard of a VM, if it has not come to its end.", "",
        "The VM stays, powered off, and can be discarded anew, finalized or powered on."}, footer = {"",
                "Example:", "  vm-finalize withdraw db-01-test"})
final class WithdrawCommand extends ServerCommand {

    @Parameters(paramLabel = "VM|ID", completionCandidates = NamesCommand.OfVms.class, description = "The VM's name or managed object id, or the discard's id.")
    private String target = "";

    @Override
    ExitStatus run(Api api) throws IOException {
        var all = api.discards(null);
        var discard = Discard.latestOf(all, target).orElseThrow(() -> Targets.notFound("discard", target,
                all.stream().map(Discard::vmName).toList(), "was or is being thrown away"));
        api.withdrawDiscard(discard.id());
        if (isForPeople()) {
            out().printf("VM %s is not thrown away; it stays powered off, with its disks and its backup%n",
                    discard.vmName());
        } else {
            print(new Table("VM", "ID").row(discard.vmName(), discard.vmId()), discard.json());
        }
        return ExitStatus.DONE;
    }
}
