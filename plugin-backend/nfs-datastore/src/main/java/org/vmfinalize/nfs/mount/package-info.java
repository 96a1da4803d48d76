/// The MOUNT protocol, version 3 (RFC 1813, appendix I): from an export's path to the handle of its root.
@NullMarked
package org.vmfinalize.nfs.mount;

import org.jspecify.annotations.NullMarked;
