/// What was left behind in vCenter, by a crash or otherwise, and how to take it away. Start at [Doctor].
@NullMarked
package org.vmfinalize.server.doctor;

import org.jspecify.annotations.NullMarked;
