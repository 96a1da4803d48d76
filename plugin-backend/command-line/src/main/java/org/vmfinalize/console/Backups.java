package org.vmfinalize.console;

import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.terminal.Table;

/// The restore points in the server's places; asked anew whenever it is looked at.
public final class Backups implements Iterable<RestorePoint> {

    private final Server server;

    Backups(Server server) {
        this.server = server;
    }

    /// The restore points of one VM, by its name when it was backed up; the latest first.
    public BackupsOfVm of(String vmName) {
        var points = find(vmName).stream().filter(point -> point.getVmName().equals(vmName)).toList();
        if (points.isEmpty()) {
            throw new ConsoleException(
                    "backups of %s: there must be one in the server's places but there is none"
                            .formatted(vmName));
        }
        return new BackupsOfVm(points);
    }

    @Override
    public Iterator<RestorePoint> iterator() {
        return find(null).iterator();
    }

    private List<RestorePoint> find(@Nullable String vm) {
        return server.ask(api -> api.backups(vm, null)).stream().map(json -> new RestorePoint(server, json))
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
