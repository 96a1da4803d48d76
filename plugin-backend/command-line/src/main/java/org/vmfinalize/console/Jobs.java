package org.vmfinalize.console;

import java.util.Iterator;
import java.util.List;
import org.vmfinalize.client.Finalization;
import org.vmfinalize.units.NearestNames;

/// The finalizations of this server, those that are over too; asked anew whenever it is looked at.
public final class Jobs implements Iterable<Job> {

    private final Server server;

    Jobs(Server server) {
        this.server = server;
    }

    /// Those under way.
    public List<Job> getRunning() {
        return server.ask(api -> api.finalizations()).stream().filter(job -> !job.isOver())
                .map(job -> new Job(server, job)).toList();
    }

    /// The one of that id, or the latest of the VM with that name or managed object id; one under way before others.
    ///
    /// @throws ConsoleException if there is none; it names those whose names are near
    public Job of(String vmOrId) {
        var all = server.ask(api -> api.finalizations());
        return Finalization.latestOf(all, vmOrId).map(job -> new Job(server, job))
                .orElseThrow(() -> {
                    var near = NearestNames.of(vmOrId, all.stream().map(Finalization::vmName).toList());
                    return new ConsoleException(
                            "finalization %s: none of that name was or is under way%s".formatted(vmOrId,
                                    near.isEmpty()
                                            ? ""
                                            : "; did you mean %s?".formatted(String.join(" or ", near))));
                });
    }

    /// All of them.
    @Override
    public Iterator<Job> iterator() {
        return server.ask(api -> api.finalizations()).stream().map(job -> new Job(server, job)).iterator();
    }

    /// A line for each.
    @Override
    public String toString() {
        var lines = new StringBuilder();
        forEach(job -> lines.append(job).append(System.lineSeparator()));
        return lines.toString();
    }
}
