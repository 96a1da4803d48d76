/// Disks that are made of layers: what the top image does not have is in those below it.
///
/// Start at [ChainDisk]. A format gives it a [Chain] of [Layer]s, each of which says for any byte where it is, as a [Run]
/// of a [Source]; [TwoLevelMap] is what the formats that find bytes by two levels of tables have in common. Nothing here
/// knows the fields of a format.
@NullMarked
package org.vmfinalize.formats.chain;

import org.jspecify.annotations.NullMarked;
