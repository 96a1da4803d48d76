package org.vmfinalize.lab.client;

import java.time.Instant;
import java.util.Optional;

/// One line of the list of recent tasks.
///
/// @param name        what is done, in words
/// @param target      the object's name
/// @param targetId    the object's managed object id
/// @param state       `queued`, `running`, `success` or `error`
/// @param percent     0 to 100
/// @param details     what is being done now, or why it failed; may be empty
/// @param cancelable  whether it lets itself be cancelled and was not yet asked to
/// @param startedAt   empty while it is queued
/// @param completedAt empty until it is over
public record RecentTask(String id, String name, String target, String targetId, String state, int percent,
        String details, boolean cancelable, String initiator, Optional<Instant> startedAt,
        Optional<Instant> completedAt) {}
