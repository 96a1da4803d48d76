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
        var table = new Table("VM", "TIME", "FORMAT", "DISKS", "SIZE", "PLACE", "ID", "LOCATION")
                .orSay(nothing());
        for (var point : points) {
            table.row(text(point, "vmName"), text(point, "takenAt"), text(point, "format"),
                    point.path("disks").size(), Bytes.text(sizeOf(point)), text(point, "place"),
                    text(point, "id"),
                    text(point, "location"));
        }
        print(table, points);
        if (isForPeople()) {
            tellOfPlaces(api);
        }
        return ExitStatus.DONE;
    }

    /// A backup may be missing from the list because its place could not be looked through.
    private static void tellOfPlaces(Api api) throws IOException {
        for (var each : api.list("places")) {
            if (!each.path("reachable").asBoolean(true)) {
                System.err.printf("place %s: %s%n", text(each, "name"), text(each, "reason"));
            }
        }
    }

    private String nothing() {
        return vm == null && place == null
                ? "no backup is in the server's places; vmfinalize.backup-directories and vmfinalize.places in its settings say where it looks"
                : "no such backup; 'vm-finalize backups' lists all";
    }

    private static String text(JsonNode point, String field) {
        return point.path(field).asString("-");
    }

    private static long sizeOf(JsonNode point) {
        return point.path("disks").valueStream().mapToLong(disk -> disk.path("sizeBytes").asLong(0)).sum();
    }
}
