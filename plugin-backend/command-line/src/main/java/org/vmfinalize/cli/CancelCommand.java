package org.vmfinalize.cli;

import picocli.CommandLine.Command;

@Command(name = "cancel", description = "Cancel a finalization; the VM goes on running from its backup, and what is copied stays.", footer = {
        "", "Example:", "  vm-finalize cancel web-01"})
final class CancelCommand extends SteeringCommand {

    CancelCommand() {
        super("cancel");
    }
}
