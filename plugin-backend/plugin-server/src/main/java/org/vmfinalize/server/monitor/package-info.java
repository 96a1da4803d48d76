/// What pages draw of a machine that runs from a backup: where its bytes are, and how it went lately.
@NullMarked
package org.vmfinalize.server.monitor;

import org.jspecify.annotations.NullMarked;
