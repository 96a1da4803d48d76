/// The receipts that this server makes, signs, keeps and checks.
///
/// Start at [Receipts]. Their form is that of `org.vmfinalize.receipts`.
@NullMarked
package org.vmfinalize.server.receipt;

import org.jspecify.annotations.NullMarked;
