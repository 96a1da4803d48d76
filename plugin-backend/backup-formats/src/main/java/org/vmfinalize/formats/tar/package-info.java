/// Tar archives, whose members are read where they lie.
///
/// Start at [TarArchive]. The layouts are those of POSIX.1-2001 (`ustar` and `pax`) and of GNU tar.
@NullMarked
package org.vmfinalize.formats.tar;

import org.jspecify.annotations.NullMarked;
