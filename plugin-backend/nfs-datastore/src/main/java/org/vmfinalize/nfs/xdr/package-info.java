/// External Data Representation (RFC 4506) on byte buffers: every length is bounded before anything is allocated.
@NullMarked
package org.vmfinalize.nfs.xdr;

import org.jspecify.annotations.NullMarked;
