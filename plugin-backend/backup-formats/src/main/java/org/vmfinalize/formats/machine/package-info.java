/// Backups of whole machines: a description that names the images of the disks.
///
/// Start at [MachineBackup]. A format reads its description and opens the images by [DiskImages]; [Attachments] finds a
/// place for each disk. Nothing here knows how a description is written.
@NullMarked
package org.vmfinalize.formats.machine;

import org.jspecify.annotations.NullMarked;
