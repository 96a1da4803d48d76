package org.vmfinalize.cli;

import java.io.IOException;
import java.util.stream.Collectors;
import org.vmfinalize.client.Api;
import org.vmfinalize.terminal.Table;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

@Command(name = "providers", description = "List the bundles of backup formats, and whether they work.", footer = {
        "", "Examples:", "  vm-finalize providers", "  vm-finalize providers --output yaml"})
final class ProvidersCommand extends ServerCommand {

    @Override
    ExitStatus run(Api api) throws IOException {
        var bundles = api.list("providers");
        var table = new Table("NAME", "VERSION", "STATE", "FORMATS", "ERROR")
                .orSay("this server has no bundle of backup formats");
        for (var bundle : bundles) {
            table.row(bundle.path("name").asString(""), bundle.path("version").asString("-"),
                    bundle.path("state").asString(""),
                    bundle.path("formats").valueStream().map(JsonNode::asString)
                            .collect(Collectors.joining(" ")),
                    bundle.path("error").asString("-"));
        }
        print(table, bundles);
        return ExitStatus.DONE;
    }
}
