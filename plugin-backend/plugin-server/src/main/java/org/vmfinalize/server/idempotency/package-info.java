/// Requests that create something and may be sent twice: the second one gets the first one's answer.
///
/// Start at [Idempotent], which marks the controllers' methods that it holds for.
@NullMarked
package org.vmfinalize.server.idempotency;

import org.jspecify.annotations.NullMarked;
