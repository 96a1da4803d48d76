/// The language of the Groovy console and of scripts: VMs, backups and finalizations as objects with verbs.
///
/// Start at [Language]. What can be asked of the server is [org.vmfinalize.client]; nothing is evaluated there.
@NullMarked
package org.vmfinalize.console;

import org.jspecify.annotations.NullMarked;
