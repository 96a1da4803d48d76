/// The portmapper, version 2 (RFC 1833, section 3): where clients learn on which ports NFS and MOUNT are served.
@NullMarked
package org.vmfinalize.nfs.portmap;

import org.jspecify.annotations.NullMarked;
