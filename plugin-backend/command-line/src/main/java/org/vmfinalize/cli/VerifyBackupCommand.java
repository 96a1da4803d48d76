package org.vmfinalize.cli;

import java.io.IOException;
import java.time.Duration;
import org.vmfinalize.client.Api;
import org.vmfinalize.terminal.Table;
import org.vmfinalize.units.Bytes;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(name = "verify-backup", description = {
        "Compare a backup's files with the checksums that were stored with them, such as those of an OVA's manifest.",
        "",
        "The server reads all of these files."}, footer = {"", "Examples:",
                "  vm-finalize verify-backup web-01",
                "  vm-finalize verify-backup b-0123456789abcdef --output json"})
final class VerifyBackupCommand extends ServerCommand {

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);

    @Parameters(paramLabel = "BACKUP", description = "A VM's name, of which the latest backup is taken, or a restore point's id.")
    private String backup = "";

    @Override
    ExitStatus run(Api api) throws IOException {
        var id = Targets.latestBackup(api, backup).map(point -> point.path("id").asString("")).orElse(backup);
        var found = api.compareChecksums(id);
        System.err.println("comparing; all of the backup's files are read");
        while (found.path("state").asString("").equals("running")) {
            pause();
            found = api.checksums(id);
        }
        return end(found);
    }

    private ExitStatus end(JsonNode found) {
        var state = found.path("state").asString("");
        print(new Table("STATE", "FILES", "READ").row(state, found.path("files").size(),
                Bytes.text(found.path("bytesRead").asLong(0))), found);
        if (state.equals("right")) {
            return ExitStatus.DONE;
        }
        throw new CommandException(ExitStatus.FAILED,
                "backup %s: %s".formatted(backup, found.path("message").asString(state)));
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(BETWEEN_LOOKS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for the server", e);
        }
    }
}
