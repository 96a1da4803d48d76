package org.vmfinalize.server.lease;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What a lease hook reads from its standard input, as JSON.
///
/// @param event `held`, `renewed` or `released`
/// @param backup where the backup is
/// @param lease which lease: the same in all notices of one machine
/// @param vm the machine that runs from it
/// @param startedBy the user who started it
/// @param heldBy always `vm-finalize`
/// @param server the name of the host that the server runs on
/// @param since when the machine was started
/// @param until about when the backup is given back, if that can be told
record LeaseNotice(String event, String backup, String lease, Vm vm, String startedBy, String heldBy,
        String server, Instant since, @Nullable Instant until) {

    record Vm(String id, String name) {}
}
