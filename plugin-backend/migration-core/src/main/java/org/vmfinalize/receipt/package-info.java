/// What a finished disk is proven by: a tree of digests over its bytes, and the check of a file against it.
///
/// Start at [DigestTree]. [DiskVerification] makes one of a live disk while its guest goes on writing, and proves on the
/// way whose each block is; [DiskCheck] reads a file again at any later time. Signing, storing and showing it is left to
/// others.
@NullMarked
package org.vmfinalize.receipt;

import org.jspecify.annotations.NullMarked;
