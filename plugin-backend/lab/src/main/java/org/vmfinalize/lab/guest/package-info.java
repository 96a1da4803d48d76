/// The lab's guest: it uses its disk through NFS as a virtual machine does, and knows what every byte of it must be.
///
/// Start at [Guest]. The procedures of NFSv3 and MOUNT are written here from RFC 1813; the RPC transport below them is
/// that of a third party, so that the product's server is not judged by its own reading of the protocol.
@NullMarked
package org.vmfinalize.lab.guest;

import org.jspecify.annotations.NullMarked;
