/// Raw images: the disk's bytes as they are.
///
/// Start at [RawFormat]. [ForeignImages] keeps images of other formats from being taken for raw disks.
@NullMarked
package org.vmfinalize.formats.raw;

import org.jspecify.annotations.NullMarked;
