package org.vmfinalize.cli;

import picocli.CommandLine.Command;

@Command(name = "pause", description = "Pause a finalization; what is copied stays.", footer = {"",
        "Example:", "  vm-finalize pause web-01"})
final class PauseCommand extends SteeringCommand {

    PauseCommand() {
        super("pause");
    }
}
