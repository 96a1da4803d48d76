package org.vmfinalize.console;

import java.util.Iterator;
import java.util.List;
import org.vmfinalize.client.Discard;
import org.vmfinalize.units.NearestNames;

/// The VMs that were, or are being, thrown away; asked anew whenever it is looked at.
public final class Discards implements Iterable<Discarded> {

    private final Server server;

    Discards(Server server) {
        this.server = server;
    }

    /// Those under way.
    public List<Discarded> getRunning() {
        return server.ask(api -> api.discards(null)).stream().filter(Discard::isUnderWay)
                .map(one -> new Discarded(server, one)).toList();
    }

    /// The one of that id, or the latest of the VM with that name or managed object id; one under way before others.
    ///
    /// @throws ConsoleException if there is none; it names those whose names are near
    public Discarded of(String vmOrId) {
        var all = server.ask(api -> api.discards(null));
        return Discard.latestOf(all, vmOrId).map(one -> new Discarded(server, one)).orElseThrow(() -> {
            var near = NearestNames.of(vmOrId, all.stream().map(Discard::vmName).toList());
            return new ConsoleException(
                    "discard %s: none of that name was or is under way%s".formatted(vmOrId,
                            near.isEmpty() ? "" : "; did you mean %s?".formatted(String.join(" or ", near))));
        });
    }

    /// All of them.
    @Override
    public Iterator<Discarded> iterator() {
        return server.ask(api -> api.discards(null)).stream().map(one -> new Discarded(server, one))
                .iterator();
    }

    /// A line for each.
    @Override
    public String toString() {
        var lines = new StringBuilder();
        forEach(one -> lines.append(one).append(System.lineSeparator()));
        return lines.toString();
    }
}
