package org.vmfinalize.server.finalization;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What lists are filtered and sorted by.
///
/// @param name the machine's, as it is or is about to be
record JobRow(String id, String vmId, String name, String datastore, Job.State state, String initiator,
        Instant startedAt, @Nullable Instant endedAt) {}
