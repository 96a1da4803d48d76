/// What a backup format implements, and all that the rest of vm-finalize knows of a backup.
///
/// Start at [BackupFormat]: it is published as an OSGi service and opens a [Backup], whose [BackupDisk]s are read at
/// random. The bytes come from a [BackupFile], so that a format need not know whether they lie in a folder or far away.
@NullMarked
package org.vmfinalize.backup;

import org.jspecify.annotations.NullMarked;
