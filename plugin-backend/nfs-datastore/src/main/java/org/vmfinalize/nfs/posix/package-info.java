/// The file system calls of Linux that an NFS server needs and the JDK does not offer: names as bytes, calls relative to
/// an open directory that never follow a symbolic link, allocated blocks, birth times, reads that do not wait.
///
/// Start at [Posix]. Calls are made through the foreign-function API, so interrupting a thread cannot close a file.
@NullMarked
package org.vmfinalize.nfs.posix;

import org.jspecify.annotations.NullMarked;
