package org.vmfinalize.console;

import java.util.Iterator;
import java.util.List;
import org.vmfinalize.client.Api;
import org.vmfinalize.terminal.Table;

/// The restore points in the server's places; asked anew whenever it is looked at.
public final class Backups implements Iterable<RestorePoint> {

    private final Server server;

    Backups(Server server) {
        this.server = server;
    }

    /// The restore points of one VM, by its name when it was backed up; the latest first.
    public BackupsOfVm of(String vmName) {
        var points = find("backups?vm=" + Api.segment(vmName));
        if (points.isEmpty()) {
            throw new ConsoleException(
                    "backups of %s: there must be one in the server's places but there is none"
                            .formatted(vmName));
        }
        return new BackupsOfVm(points);
    }

    @Override
    public Iterator<RestorePoint> iterator() {
        return find("backups").iterator();
    }

    private List<RestorePoint> find(String path) {
        return server.ask(api -> api.list(path)).stream().map(json -> new RestorePoint(server, json))
                .toList();
    }

    /// A table.
    @Override
    public String toString() {
        var table = new Table("VM", "TIME", "FORMAT", "LOCATION");
        forEach(point -> table.row(point.getVmName(), point.getTime(), point.getFormat(),
                point.getLocation()));
        return table.toString();
    }
}
