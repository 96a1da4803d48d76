package org.vmfinalize.lab.vcenter;

import java.time.Instant;
import java.util.Optional;

/// A task, as the vSphere Client's list of recent tasks shows it.
///
/// @param label       what is done, in English
/// @param state       `queued`, `running`, `success` or `error`
/// @param percent     0 to 100
/// @param description what is being done just now; empty if the task did not say
/// @param error       why it failed; empty if it did not
/// @param cancelled   whether somebody asked to cancel it
public record RecentTask(String id, String label, String entityId, String entityName, String state,
        int percent,
        String description, String error, boolean cancelable, boolean cancelled, String initiator,
        Instant queuedAt,
        Optional<Instant> endedAt) {}
