/// What a guest changed, as an image of its own on top of the backup.
///
/// Start at [Overlay]. It uses [org.vmfinalize.disk] and writes a format that other programs read.
@NullMarked
package org.vmfinalize.overlay;

import org.jspecify.annotations.NullMarked;
