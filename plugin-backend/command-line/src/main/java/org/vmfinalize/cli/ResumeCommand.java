package org.vmfinalize.cli;

import picocli.CommandLine.Command;

@Command(name = "resume", description = "Go on with a paused finalization.", footer = {"", "Example:",
        "  vm-finalize resume web-01"})
final class ResumeCommand extends SteeringCommand {

    ResumeCommand() {
        super("resume");
    }
}
