package org.vmfinalize.console;

import java.util.Iterator;
import java.util.List;

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
