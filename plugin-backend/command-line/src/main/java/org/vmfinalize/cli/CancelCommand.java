package org.vmfinalize.cli;

import org.vmfinalize.client.Finalization;
import picocli.CommandLine.Command;

@Command(name = "cancel", description = "Cancel a finalization; the VM goes on running from its backup, and what is copied stays.", footer = {
        "", "Example:", "  vm-finalize cancel web-01"})
final class CancelCommand extends SteeringCommand {

    CancelCommand() {
        super("cancel");
    }

    /// The server answers before the job has noticed, so its state would say that it goes on.
    @Override
    void show(Finalization now) {
        if (isForPeople()) {
            out().printf("%s is cancelled; the VM goes on running from its backup%n", now.vmName());
        } else {
            super.show(now);
        }
    }
}
