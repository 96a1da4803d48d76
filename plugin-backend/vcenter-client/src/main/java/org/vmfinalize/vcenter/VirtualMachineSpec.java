package org.vmfinalize.vcenter;

import java.util.List;
import java.util.Optional;

/// A virtual machine to be created on disks that exist already.
///
/// @param name      as people shall see it; see [VCenter#rename(MoRef, String)] for what a name may be
/// @param guestId   the guest operating system, such as `otherLinux64Guest`
/// @param cpus      number of virtual CPUs, 1 or more
/// @param memoryMiB memory, 4 or more, a multiple of 4
/// @param home      the folder of its configuration file, on a datastore that a connected host mounts; the datastore's
///                  root lets vCenter make a folder of the machine's name
/// @param disks     at most 15, which are put on one SCSI controller in this order
/// @param managedBy the solution that manages it from its first moment on
/// @param host      where to run; empty: a connected host that mounts the datastore of `home`
public record VirtualMachineSpec(String name, String guestId, int cpus, long memoryMiB, DatastorePath home,
        List<ExistingDisk> disks, Optional<ManagedBy> managedBy, Optional<MoRef> host) {

    private static final int MAX_DISKS = 15;

    public VirtualMachineSpec {
        disks = List.copyOf(disks);
        if (cpus < 1 || memoryMiB < 4 || memoryMiB % 4 != 0) {
            throw new IllegalArgumentException(
                    "virtual machine '%s': must have at least 1 CPU and a multiple of 4 MiB but had %d and %d MiB"
                            .formatted(name, cpus, memoryMiB));
        }
        if (disks.size() > MAX_DISKS) {
            throw new IllegalArgumentException(
                    "virtual machine '%s': one SCSI controller takes at most %d disks but %d"
                            .formatted(name, MAX_DISKS, disks.size()) + " were given");
        }
    }

    /// A virtual disk whose files are there already; they are neither made nor changed.
    ///
    /// @param descriptor    its `.vmdk` descriptor
    /// @param capacityBytes its size, a multiple of 512
    public record ExistingDisk(DatastorePath descriptor, long capacityBytes) {

        public ExistingDisk {
            if (capacityBytes <= 0 || capacityBytes % 512 != 0) {
                throw new IllegalArgumentException(
                        "disk %s: the capacity must be a positive multiple of 512 bytes but was %d".formatted(
                                descriptor,
                                capacityBytes));
            }
        }
    }
}
