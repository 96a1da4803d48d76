/// VMDK disks: descriptors with their extents, sparse and stream-optimized files, and ESXi's snapshots.
///
/// Start at [VmdkFormat]. A [Descriptor] names the extents of one image and the image below it; an [VmdkExtent] knows where
/// its part of the disk lies in its file. A sector has 512 bytes; all numbers are little-endian.
@NullMarked
package org.vmfinalize.formats.vmdk;

import org.jspecify.annotations.NullMarked;
