/// Trees of digests over the bytes of disks.
///
/// Start at [DigestTree]. [DiskVerification] makes one of a live disk while its guest goes on writing, and proves on the
/// way whose each block is; [DiskCheck] reads a file again at any later time. Signing, storing and showing them is
/// left to others.
@NullMarked
package org.vmfinalize.digest;

import org.jspecify.annotations.NullMarked;
