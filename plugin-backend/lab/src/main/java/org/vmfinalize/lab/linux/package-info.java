/// A Linux that is really booted, in QEMU, from a disk which QEMU reads and writes through NFS.
///
/// Start at [LinuxGuest]. The kernel is one of this machine's packages, the initial RAM disk is made here, and the disk
/// comes from a [FileSystemBackup]. What is proven is proven by others: the guest's own kernel and `sha256sum`, and
/// `e2fsck` and `debugfs` when it has been shut down.
@NullMarked
package org.vmfinalize.lab.linux;

import org.jspecify.annotations.NullMarked;
