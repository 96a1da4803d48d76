/// The bundles that read the formats of backups.
///
/// Start at [BackupProviders]: it runs the bundles in an OSGi framework of their own and opens a backup with the one that
/// recognises it. A bundle sees `org.vmfinalize.backup` and nothing else of vm-finalize.
@NullMarked
package org.vmfinalize.providers;

import org.jspecify.annotations.NullMarked;
