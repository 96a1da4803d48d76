/// Telling others that a backup is in use: renewing the marks on it, and calling the program of the operator's choice.
///
/// Start at [Leases]. The marks themselves are left and taken back by the place that the backup lies in.
@NullMarked
package org.vmfinalize.server.lease;

import org.jspecify.annotations.NullMarked;
