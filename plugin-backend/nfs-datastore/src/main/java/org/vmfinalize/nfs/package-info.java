/// An NFS server for datastores of virtual machines.
///
/// Start at [NfsServer]. It serves NFS version 3, MOUNT and a portmapper on a remote-procedure-call transport of its own,
/// and asks `org.vmfinalize.datastore` which files are live disks; it knows nothing of backups.
@NullMarked
package org.vmfinalize.nfs;

import org.jspecify.annotations.NullMarked;
