package org.vmfinalize.console;

import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.units.NearestNames;

/// The restore points in the server's places; asked anew whenever it is looked at.
public final class Backups implements Iterable<RestorePoint> {

    private final Server server;

    Backups(Server server) {
        this.server = server;
    }

    /// The restore points of one VM, by its name when it was backed up; the latest first.
    ///
    /// @throws ConsoleException if there is none; it names those whose names are near
    public BackupsOfVm of(String vmName) {
        var points = find(vmName).stream().filter(point -> point.getVmName().equals(vmName)).toList();
        if (points.isEmpty()) {
            var near = NearestNames.of(vmName,
                    find(null).stream().map(RestorePoint::getVmName).toList());
            throw new ConsoleException(
                    "backups of %s: there must be one in the server's places but there is none%s".formatted(
                            vmName,
                            near.isEmpty() ? "" : "; did you mean %s?".formatted(String.join(" or ", near))));
        }
        return new BackupsOfVm(points);
    }

    /// All that there are.
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
        return Tables.backups(find(null)).toString();
    }
}
