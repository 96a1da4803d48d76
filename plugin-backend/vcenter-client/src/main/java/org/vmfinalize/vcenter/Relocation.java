package org.vmfinalize.vcenter;

import java.util.List;

/// Where a virtual machine shall go: its home and its disks to one datastore, by Storage vMotion while it runs.
///
/// @param disks the disks whose form is chosen; any other keeps its own
public record Relocation(MoRef datastore, List<Disk> disks) {

    public Relocation {
        disks = List.copyOf(disks);
    }

    /// The form of one disk at its new place.
    ///
    /// @param key as [VirtualDisk#key()]
    public record Disk(int key, DiskForm form) {}

    /// How a disk takes its space.
    public enum DiskForm {
        THIN, THICK_LAZY_ZEROED, THICK_EAGER_ZEROED
    }
}
