/// The Groovy console at a terminal: it reads, completes, evaluates and prints. Its words are [org.vmfinalize.console]'s.
///
/// Start at [Shell].
@NullMarked
package org.vmfinalize.shell;

import org.jspecify.annotations.NullMarked;
