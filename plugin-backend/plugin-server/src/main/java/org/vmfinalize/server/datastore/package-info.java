/// The datastores of this server: opened at the start, served over NFS until the very end, mounted on hosts.
///
/// Start at [Datastores].
@NullMarked
package org.vmfinalize.server.datastore;

import org.jspecify.annotations.NullMarked;
