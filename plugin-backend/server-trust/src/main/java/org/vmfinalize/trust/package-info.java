/// How a TLS server is told from an impostor, [ServerTrust], and the proxy on the way to it, [HttpProxy]. It knows nothing else
/// of vm-finalize.
@NullMarked
package org.vmfinalize.trust;

import org.jspecify.annotations.NullMarked;
