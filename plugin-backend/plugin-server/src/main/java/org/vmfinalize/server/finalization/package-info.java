/// The jobs that make instant VMs permanent, as the REST API and vCenter see them.
///
/// Start at [Finalizations]. The bytes are the matter of [org.vmfinalize.finalization.Finalization]; here are who may, the
/// rows that outlive a restart ([JobStore]), and what vCenter is told ([TaskReport]).
@NullMarked
package org.vmfinalize.server.finalization;

import org.jspecify.annotations.NullMarked;
