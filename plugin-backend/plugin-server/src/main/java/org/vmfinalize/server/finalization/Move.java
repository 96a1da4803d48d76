package org.vmfinalize.server.finalization;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.finalization.Provisioning;
import org.vmfinalize.vcenter.MoRef;

/// That a machine is to be moved to another datastore, and how far that is.
///
/// @param datastore the id of the datastore that it is moved to
/// @param name that datastore's name, when it was asked for
/// @param instead whether the move takes the place of hydration
/// @param provisioning of all disks at their new place
/// @param diskProvisioning of single disks, by our names of them
/// @param disks how many disks it has at least
/// @param bytes how much there is to be moved, about
record Move(String datastore, String name, boolean instead, Provisioning provisioning,
        Map<String, Provisioning> diskProvisioning, int disks, long bytes, VCenterStep step) {

    Move {
        diskProvisioning = Map.copyOf(diskProvisioning);
    }

    MoRef ref() {
        return new MoRef("Datastore", datastore);
    }

    boolean wasMoved() {
        return step.state() == VCenterStep.State.DONE;
    }

    @Nullable
    String failure() {
        return step.failure();
    }

    Provisioning of(String disk) {
        return diskProvisioning.getOrDefault(disk, provisioning);
    }

    Move at(VCenterStep next) {
        return new Move(datastore, name, instead, provisioning, diskProvisioning, disks, bytes, next);
    }
}
