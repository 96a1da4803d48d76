/// OVF packages, as a folder of files or as one archive (OVA): the machine's hardware and its disks.
///
/// Start at [OvfFormat] and [OvaFormat]. Section numbers in the comments are those of DMTF's DSP0243, version 1.1.
@NullMarked
package org.vmfinalize.formats.ovf;

import org.jspecify.annotations.NullMarked;
