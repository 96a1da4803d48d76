/// What fills a live disk from its backup.
///
/// Start at [Hydrator]. It reads the backup in the order in which that is read best, with a few threads and a fixed set
/// of buffers, and hands the bytes to [org.vmfinalize.disk.MissingBlocks].
@NullMarked
package org.vmfinalize.hydration;

import org.jspecify.annotations.NullMarked;
