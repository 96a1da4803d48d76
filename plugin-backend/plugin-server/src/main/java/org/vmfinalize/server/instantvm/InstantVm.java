package org.vmfinalize.server.instantvm;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.vcenter.MoRef;

/// A virtual machine that runs from a backup, as this server remembers it.
///
/// @param id our own id
/// @param vmId its managed object id, such as `vm-51`; empty as long as it is not known
/// @param name as we last heard
/// @param datastore the name of the datastore that its live disks are on
/// @param folder their folder there
/// @param backup where its backup is; empty if an older version made it
/// @param takenAt when the backup was taken, if it tells
/// @param step how far its making is
/// @param powerOn whether it shall run as soon as it is made
/// @param changes the datastore that has its home and its changes, where that is none of ours; ours has only the parents of
///        its disks then
public record InstantVm(String id, String vmId, String name, String datastore, String folder,
        String backup, @Nullable Instant takenAt, String createdBy, Instant createdAt, Step step,
        boolean powerOn, @Nullable Changes changes) {

    /// A datastore that vCenter knows.
    ///
    /// @param id its managed object id
    /// @param name its name when the machine was made
    public record Changes(String id, String name) {}

    InstantVm withVmId(String newVmId) {
        return new InstantVm(id, newVmId, name, datastore, folder, backup, takenAt, createdBy, createdAt,
                step,
                powerOn, changes);
    }

    InstantVm at(Step newStep) {
        return new InstantVm(id, vmId, name, datastore, folder, backup, takenAt, createdBy, createdAt,
                newStep,
                powerOn, changes);
    }

    public InstantVm named(String newName) {
        return new InstantVm(id, vmId, newName, datastore, folder, backup, takenAt, createdBy, createdAt,
                step,
                powerOn, changes);
    }

    public MoRef ref() {
        return MoRef.virtualMachine(vmId);
    }

    /// What is being done for it. Written down before it is done.
    enum Step {
        /// Its live disks are made; vCenter was not asked for a machine yet.
        LAYING_DISKS,
        /// vCenter was, or is about to be, asked to create the machine.
        CREATING_VM,
        /// The machine is there and is being powered on, if asked for.
        STARTING,
        /// Nothing is left to be done.
        RUNNING,
        /// What there is of it is being taken away.
        ABANDONED
    }
}
