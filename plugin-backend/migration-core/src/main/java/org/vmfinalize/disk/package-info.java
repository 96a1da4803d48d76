/// The live disk: one image, merged from a backup disk and from what the guest wrote since.
///
/// Start at [LiveDisk]. It asks its block map whether a block is local, else the backup; its journal makes the map
/// durable; [MissingBlocks] is the door for whoever hydrates it. It knows neither formats nor NFS. All files are reached
/// through [Volume].
@NullMarked
package org.vmfinalize.disk;

import org.jspecify.annotations.NullMarked;
