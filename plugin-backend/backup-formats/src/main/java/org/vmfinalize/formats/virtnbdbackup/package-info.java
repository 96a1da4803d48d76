/// Backups of virtnbdbackup: streams of a disk's data, full and incremental, and the domain that they are of.
///
/// Start at [VirtnbdbackupFormat]. A [StreamIndex] knows where the bytes of one stream lie.
@NullMarked
package org.vmfinalize.formats.virtnbdbackup;

import org.jspecify.annotations.NullMarked;
