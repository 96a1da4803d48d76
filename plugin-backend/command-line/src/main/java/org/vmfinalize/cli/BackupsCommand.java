package org.vmfinalize.cli;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.client.Api;
import org.vmfinalize.terminal.Table;
import org.vmfinalize.units.Bytes;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(name = "backups", description = "List the restore points that a VM can be run from.", footer = {"",
        "Examples:",
        "  vm-finalize backups db-01", "  vm-finalize backups --place nightly --output json"})
final class BackupsCommand extends ServerCommand {

    @Parameters(paramLabel = "VM", arity = "0..1", description = "A part of the name that the VM had when it was backed up.")
    private @Nullable String vm;

    @Option(names = "--place", paramLabel = "NAME", description = "Those in this place only.")
    private @Nullable String place;

    @Override
    ExitStatus run(Api api) throws IOException {
        var points = api.backups(vm, place);
        var table = new Table("VM", "TIME", "FORMAT", "DISKS", "SIZE", "PLACE", "ID", "LOCATION");
        for (var point : points) {
            table.row(text(point, "vmName"), text(point, "takenAt"), text(point, "format"),
                    point.path("disks").size(), Bytes.text(sizeOf(point)), text(point, "place"),
                    text(point, "id"),
                    text(point, "location"));
        }
        print(table, points);
        return ExitStatus.DONE;
    }

    private static String text(JsonNode point, String field) {
        return point.path(field).asString("-");
    }

    private static long sizeOf(JsonNode point) {
        return point.path("disks").valueStream().mapToLong(disk -> disk.path("sizeBytes").asLong(0)).sum();
    }
}
