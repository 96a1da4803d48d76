/// qcow2 images, versions 2 and 3, with their backing chains.
///
/// Start at [Qcow2Format]. Its layers know the tables of their file. Section numbers in the comments are those of QEMU's
/// specification `docs/interop/qcow2.txt`.
@NullMarked
package org.vmfinalize.formats.qcow2;

import org.jspecify.annotations.NullMarked;
