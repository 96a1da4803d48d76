/// One stream of events for all that changes on this server.
///
/// Start at [Events], where features tell what has changed; [EventsController] lets callers hear it.
@NullMarked
package org.vmfinalize.server.events;

import org.jspecify.annotations.NullMarked;
