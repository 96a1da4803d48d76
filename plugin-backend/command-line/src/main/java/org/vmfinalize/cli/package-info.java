/// The command line: one class per command, on the REST API.
///
/// Start at [VmFinalize]. A command asks, prints and ends with an [ExitStatus]; what it knows of the server is
/// [org.vmfinalize.client].
@NullMarked
package org.vmfinalize.cli;

import org.jspecify.annotations.NullMarked;
