/// Throwing away instant VMs, and keeping what their guests changed.
///
/// Start at [Discards]. It uses [org.vmfinalize.server.instantvm] for what a machine is.
@NullMarked
package org.vmfinalize.server.discard;

import org.jspecify.annotations.NullMarked;
