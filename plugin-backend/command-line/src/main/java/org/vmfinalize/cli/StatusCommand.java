package org.vmfinalize.cli;

import java.io.IOException;
import org.vmfinalize.client.Api;
import picocli.CommandLine.Command;

@Command(name = "status", description = {
        "Show whether the server is registered with vCenter, and how that differs from what it should be."}, footer = {
                "", "Example:", "  vm-finalize status"})
final class StatusCommand extends ServerCommand {

    @Override
    ExitStatus run(Api api) throws IOException {
        var registration = api.object("registration");
        if (isForPeople()) {
            out().println(RegistrationTable.state(registration));
            out().println(
                    "server: %s, certificate SHA-256 %s".formatted(registration.path("url").asString(""),
                            registration.path("thumbprint").asString("")));
        }
        if (!isForPeople() || !registration.path("differences").isEmpty()) {
            print(RegistrationTable.differences(registration), registration);
        }
        return registration.path("upToDate").asBoolean(false) ? ExitStatus.DONE : ExitStatus.FAILED;
    }
}
