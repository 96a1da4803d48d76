/// What would come of an action, without doing it.
///
/// Start at [Plan]. Who decides on an action asks through [Objections], so that the action stops at the first thing that
/// speaks against it and the plan names all of them, out of the same code.
@NullMarked
package org.vmfinalize.server.plan;

import org.jspecify.annotations.NullMarked;
