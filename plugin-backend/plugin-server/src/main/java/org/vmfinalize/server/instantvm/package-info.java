/// The virtual machines that run from a backup: listing them, and making them.
///
/// Start at [InstantVms].
@NullMarked
package org.vmfinalize.server.instantvm;

import org.jspecify.annotations.NullMarked;
