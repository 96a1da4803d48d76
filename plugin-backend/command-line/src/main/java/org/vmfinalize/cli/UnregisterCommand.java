package org.vmfinalize.cli;

import java.io.IOException;
import org.vmfinalize.client.Api;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "unregister", description = {
        "Take the server's registration with vCenter away, and what it has defined there.", "",
        "Refused while machines run from backups. A server with vmfinalize.register-extension=true (the default)",
        "registers again when it is started."}, footer = {"", "Examples:",
                "  vm-finalize unregister --dry-run", "  vm-finalize unregister"})
final class UnregisterCommand extends ServerCommand {

    @Option(names = {"-n", "--dry-run"}, description = "Only show whether there is something to take away.")
    private boolean dryRun;

    @Override
    ExitStatus run(Api api) throws IOException {
        var registration = dryRun ? api.object("registration") : api.unregister();
        if (isForPeople()) {
            out().println(RegistrationTable.state(registration));
        } else {
            print(RegistrationTable.differences(registration), registration);
        }
        return ExitStatus.DONE;
    }
}
