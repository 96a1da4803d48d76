package org.vmfinalize.server.finalization;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.finalization.Provisioning;
import org.vmfinalize.vcenter.MoRef;

/// That a machine is to be moved to another datastore, and how far that is. Written down at every step, before it is taken.
///
/// @param datastore the id of the datastore that it is moved to
/// @param name that datastore's name, when it was asked for
/// @param instead whether the move takes the place of hydration
/// @param provisioning of all disks at their new place
/// @param diskProvisioning of single disks, by our names of them
/// @param disks how many disks it has at least
/// @param bytes how much there is to be moved, about
/// @param task the id of vCenter's task that moves it, once that is known
/// @param asked how often vCenter was asked to move it
/// @param failure why it was not moved, one line
record Move(String datastore, String name, boolean instead, Provisioning provisioning,
        Map<String, Provisioning> diskProvisioning, int disks, long bytes, Step step, @Nullable String task,
        int asked, @Nullable String failure) {

    enum Step {
        /// The disks are not complete yet.
        WAITING,
        /// vCenter was, or was just about to be, asked.
        ASKED,
        /// All disks are there.
        MOVED,
        /// The machine has stayed where it was.
        CANCELLED, FAILED
    }

    Move {
        diskProvisioning = Map.copyOf(diskProvisioning);
    }

    static Move planned(String datastore, String name, boolean instead, Provisioning provisioning,
            Map<String, Provisioning> diskProvisioning, int disks, long bytes) {
        return new Move(datastore, name, instead, provisioning, diskProvisioning, disks, bytes, Step.WAITING,
                null, 0,
                null);
    }

    MoRef ref() {
        return new MoRef("Datastore", datastore);
    }

    boolean hasEnded() {
        return step.compareTo(Step.ASKED) > 0;
    }

    Provisioning of(String disk) {
        return diskProvisioning.getOrDefault(disk, provisioning);
    }

    /// Before vCenter is asked (again).
    Move asking() {
        return new Move(datastore, name, instead, provisioning, diskProvisioning, disks, bytes, Step.ASKED,
                null,
                asked + 1, null);
    }

    Move with(MoRef newTask) {
        return new Move(datastore, name, instead, provisioning, diskProvisioning, disks, bytes, Step.ASKED,
                newTask.value(), asked, null);
    }

    Move ended(Step how, @Nullable String why) {
        return new Move(datastore, name, instead, provisioning, diskProvisioning, disks, bytes, how, task,
                asked,
                why);
    }
}
