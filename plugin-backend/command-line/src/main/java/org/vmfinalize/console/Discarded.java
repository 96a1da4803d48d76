package org.vmfinalize.console;

import java.util.List;
import org.vmfinalize.client.Discard;

/// A VM that was, or is being, thrown away.
///
/// **Threads:** any number.
public final class Discarded {

    private final Server server;
    private final Discard seen;

    Discarded(Server server, Discard seen) {
        this.server = server;
        this.seen = seen;
    }

    /// The id that the server gave the discard.
    public String getId() {
        return seen.id();
    }

    /// The VM's name.
    public String getVm() {
        return seen.vmName();
    }

    /// `discarding` or `discarded`, as it was when it was found.
    public String getState() {
        return seen.state();
    }

    /// The overlays with what the guest had written.
    public List<String> getKeptFiles() {
        return seen.keptFiles();
    }

    /// Withdraws it, if it has not come to its end: the VM stays, powered off.
    ///
    /// @throws ConsoleException if it is too late
    public void withdraw() {
        server.ask(api -> {
            api.withdrawDiscard(getId());
            return seen;
        });
    }

    /// As it was when the server was asked.
    Discard seen() {
        return seen;
    }

    /// For people: `web-01: discarding`.
    @Override
    public String toString() {
        return seen.toString();
    }
}
