/// The server's own certificate: made at the first start, kept with the data, pinned by vCenter.
///
/// Start at [SelfSignedCertificate].
@NullMarked
package org.vmfinalize.server.tls;

import org.jspecify.annotations.NullMarked;
