/// The one vCenter that this server works with: where it is, how users and the server itself get a session with it.
///
/// Start at [VCenterGate]; background work goes through [ServiceAccount].
@NullMarked
package org.vmfinalize.server.vcenter;

import org.jspecify.annotations.NullMarked;
