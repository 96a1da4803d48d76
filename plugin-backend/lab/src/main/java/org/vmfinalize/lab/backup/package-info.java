/// Makes the lab's backup, a full and an incremental image, and knows from its seed what every byte of it must be.
///
/// Start at [BackupMaker]. It shares no code with the readers of the product: the images are written by a qcow2 writer
/// of its own, and a [ReferenceDisk] tells the content without reading them.
@NullMarked
package org.vmfinalize.lab.backup;

import org.jspecify.annotations.NullMarked;
