/// Which restore points the configured places hold.
///
/// Start at [BackupCatalog], which looks through the places in the background; requests are answered from memory.
@NullMarked
package org.vmfinalize.server.backup;

import org.jspecify.annotations.NullMarked;
