/// vCenter's Automation API: REST with JSON, in a session of its own.
@NullMarked
package org.vmfinalize.vcenter.automation;

import org.jspecify.annotations.NullMarked;
