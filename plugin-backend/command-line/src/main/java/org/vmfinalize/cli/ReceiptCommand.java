package org.vmfinalize.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.client.Api;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

@Command(name = "receipt", description = "Print the signed receipt of a finalization, as JSON.", footer = {"",
        "Example:",
        "  vm-finalize receipt web-01 --file web-01.receipt.json"})
final class ReceiptCommand extends ServerCommand {

    @Parameters(paramLabel = "VM|ID", completionCandidates = NamesCommand.OfVms.class, description = "The VM's name or managed object id, or the finalization's id.")
    private String target = "";

    @Option(names = "--file", paramLabel = "FILE", description = "Write it there instead.")
    private @Nullable Path file;

    @Override
    ExitStatus run(Api api) throws IOException {
        var receipt = api
                .object("finalizations/%s/receipt".formatted(Targets.finalization(api, target).id()));
        var text = JsonMapper.builder().build().writerWithDefaultPrettyPrinter().writeValueAsString(receipt);
        if (file == null) {
            out().println(text);
        } else {
            Files.writeString(file, text + System.lineSeparator());
        }
        return ExitStatus.DONE;
    }
}
