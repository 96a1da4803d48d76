/// The job that makes an instant VM's disks permanent.
///
/// Start at [Finalization]. It hydrates and seals the disks of [org.vmfinalize.datastore.InstantDisks], and knows nothing
/// of vCenter, NFS or databases: whoever starts it listens and asks for its progress.
@NullMarked
package org.vmfinalize.finalization;

import org.jspecify.annotations.NullMarked;
