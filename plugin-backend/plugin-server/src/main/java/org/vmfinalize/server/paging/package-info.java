/// Lists in parts: how many items, from where on, in which order.
///
/// Start at [Sorting].
@NullMarked
package org.vmfinalize.server.paging;

import org.jspecify.annotations.NullMarked;
