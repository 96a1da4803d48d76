/// The receipt of a finalization: what each disk consists of and its digests, with a signature.
///
/// Start at [Receipt]; `docs/receipt.md` describes its form for others. [SignedReceipt] writes and reads it, [DiskFound]
/// compares a disk with it, and [VerifyCommand] is that on a command line, which needs no server.
@NullMarked
package org.vmfinalize.receipts;

import org.jspecify.annotations.NullMarked;
