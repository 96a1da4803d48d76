/// How a TLS server is told from an impostor: [ServerTrust]. It knows nothing else of vm-finalize.
@NullMarked
package org.vmfinalize.trust;

import org.jspecify.annotations.NullMarked;
