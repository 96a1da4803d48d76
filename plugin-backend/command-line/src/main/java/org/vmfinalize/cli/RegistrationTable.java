package org.vmfinalize.cli;

import org.vmfinalize.terminal.Table;
import tools.jackson.databind.JsonNode;

/// What the commands about the registration show.
final class RegistrationTable {

    private RegistrationTable() {}

    /// One line on how it is.
    static String state(JsonNode registration) {
        var vcenter = registration.path("vcenter").asString("vCenter");
        if (!registration.path("registered").asBoolean(false)) {
            return "%s: vm-finalize is not registered".formatted(vcenter);
        }
        return "%s: vm-finalize %s is registered%s".formatted(vcenter,
                registration.path("version").asString(""),
                registration.path("upToDate").asBoolean(false) ? " and up to date" : ", but not up to date");
    }

    /// What registering would change.
    static Table differences(JsonNode registration) {
        var table = new Table("WHAT", "REGISTERED", "WOULD BE");
        for (var difference : registration.path("differences")) {
            table.row(difference.path("what").asString(""), difference.path("registered").asString(""),
                    difference.path("wanted").asString(""));
        }
        return table;
    }
}
