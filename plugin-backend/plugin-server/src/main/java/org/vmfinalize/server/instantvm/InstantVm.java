package org.vmfinalize.server.instantvm;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.vcenter.MoRef;

/// A virtual machine that runs from a backup, as this server remembers it.
///
/// @param id our own id
/// @param vmId its managed object id, such as `vm-51`
/// @param name as we last heard
/// @param datastore the name of the datastore that its live disks are on
/// @param folder their folder there
/// @param takenAt when the backup was taken, if it tells
public record InstantVm(String id, String vmId, String name, String datastore, String folder,
        @Nullable Instant takenAt, String createdBy, Instant createdAt) {

    InstantVm withVmId(String newVmId) {
        return new InstantVm(id, newVmId, name, datastore, folder, takenAt, createdBy, createdAt);
    }

    InstantVm named(String newName) {
        return new InstantVm(id, vmId, newName, datastore, folder, takenAt, createdBy, createdAt);
    }

    public MoRef ref() {
        return MoRef.virtualMachine(vmId);
    }
}
