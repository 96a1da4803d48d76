/// A server without a vCenter: one datastore, at most one instant VM. For benchmarks and for trying the data path alone.
///
/// Start at [StandaloneServer].
@NullMarked
package org.vmfinalize.server.standalone;

import org.jspecify.annotations.NullMarked;
