package org.vmfinalize.cli;

import java.io.IOException;
import org.vmfinalize.client.Api;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "register", description = {
        "Register the server with vCenter as a plugin, or bring that up to date.", "",
        "It is done as you, who need the privileges Extension.Register and Extension.Update at vCenter's root."}, footer = {
                "", "Examples:", "  vm-finalize register --dry-run", "  vm-finalize register"})
final class RegisterCommand extends ServerCommand {

    @Option(names = {"-n", "--dry-run"}, description = "Only show what would change.")
    private boolean dryRun;

    @Override
    ExitStatus run(Api api) throws IOException {
        var before = api.object("registration");
        if (dryRun || before.path("upToDate").asBoolean(false)) {
            if (isForPeople()) {
                out().println(RegistrationTable.state(before));
            }
            if (!isForPeople() || !before.path("differences").isEmpty()) {
                print(RegistrationTable.differences(before), before);
            }
            return ExitStatus.DONE;
        }
        var after = api.register();
        if (isForPeople()) {
            out().println(RegistrationTable.state(after));
            print(RegistrationTable.differences(before), before);
        } else {
            print(RegistrationTable.differences(after), after);
        }
        return ExitStatus.DONE;
    }
}
