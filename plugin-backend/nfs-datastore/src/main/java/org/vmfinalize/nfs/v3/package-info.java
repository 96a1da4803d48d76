/// NFS version 3 (RFC 1813): the procedures, their arguments and results.
///
/// Start at [Nfs3Program]. Procedures that only look at memory or the page cache are answered at once; those that change
/// names or wait for a device or a backup are handed off.
@NullMarked
package org.vmfinalize.nfs.v3;

import org.jspecify.annotations.NullMarked;
