/// Where clients learn on which ports NFS and MOUNT are served: a portmapper, versions 2 to 4 (RFC 1833), or entries in the
/// machine's rpcbind.
@NullMarked
package org.vmfinalize.nfs.portmap;

import org.jspecify.annotations.NullMarked;
