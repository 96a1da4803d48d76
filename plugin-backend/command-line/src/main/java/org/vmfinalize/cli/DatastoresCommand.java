package org.vmfinalize.cli;

import java.io.IOException;
import org.vmfinalize.client.Api;
import org.vmfinalize.terminal.Table;
import org.vmfinalize.units.Bytes;
import picocli.CommandLine.Command;

@Command(name = "datastores", description = "List the datastores of this server, and the room in them.", footer = {
        "", "Examples:", "  vm-finalize datastores", "  vm-finalize datastores --output csv"})
final class DatastoresCommand extends ServerCommand {

    @Override
    ExitStatus run(Api api) throws IOException {
        var stores = api.list("datastores");
        var table = new Table("NAME", "CAPACITY", "FREE", "LIVE DISKS", "EXPORT")
                .orSay("this server has no datastore; vmfinalize.datastores in its settings adds one");
        for (var store : stores) {
            table.row(store.path("name").asString(""), Bytes.text(store.path("capacityBytes").asLong()),
                    Bytes.text(store.path("freeBytes").asLong()), store.path("liveDisks").asInt(),
                    store.path("export").asString(""));
        }
        print(table, stores);
        return ExitStatus.DONE;
    }
}
