/// Virtual hard disks of Hyper-V, Virtual PC and XenServer: VHD and VHDX, with differencing chains.
///
/// Start at [VhdFormat] and [VhdxFormat]. VHD is described in Microsoft's "Virtual Hard Disk Image Format Specification" of
/// 2006 and has big-endian numbers; VHDX in [MS-VHDX], with little-endian ones.
@NullMarked
package org.vmfinalize.formats.vhd;

import org.jspecify.annotations.NullMarked;
