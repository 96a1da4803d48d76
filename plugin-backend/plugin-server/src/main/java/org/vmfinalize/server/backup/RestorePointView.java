package org.vmfinalize.server.backup;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.backup.Hardware;
import org.vmfinalize.backup.NetworkAdapter;
import org.vmfinalize.server.instantvm.InstantVm;

/// A restore point as the API shows it.
///
/// @param vmName what the backup calls the machine
/// @param hardware the machine, if the backup describes it
/// @param runningVms the machines that run from it now, by which it is held, as far as the caller may know of them
record RestorePointView(String id, String place, String location, String vmName, @Nullable Instant takenAt,
        String format, String identity, List<RestorePoint.Disk> disks, @Nullable Machine hardware,
        List<RunningVm> runningVms) {

    /// @param since since when it holds the backup
    record RunningVm(String id, String name, String startedBy, Instant since) {

        static RunningVm of(InstantVm vm) {
            return new RunningVm(vm.vmId(), vm.name(), vm.createdBy(), vm.createdAt());
        }
    }

    /// @param networks what the original was connected to, in the order of its network cards
    record Machine(int cpus, long memoryMiB, String firmware, @Nullable String guestId,
            List<String> controllers, List<String> networks, List<String> remarks) {

        static Machine of(Hardware hardware) {
            return new Machine(hardware.processors().count(), hardware.memoryBytes() >> 20,
                    switch (hardware.firmware()) {
                        case BIOS -> "bios";
                        case EFI -> "efi";
                        case EFI_SECURE_BOOT -> "efi-secure-boot";
                    }, hardware.guestId().orElse(null),
                    hardware.controllers().stream()
                            .map(controller -> controller.type() + " " + controller.bus()).toList(),
                    hardware.networkAdapters().stream().map(NetworkAdapter::network)
                            .map(network -> network.orElse("")).toList(),
                    hardware.remarks());
        }
    }

    static RestorePointView of(RestorePoint point, List<InstantVm> running) {
        return new RestorePointView(point.id(), point.place(), point.location(), point.vmName(),
                point.takenAt().orElse(null), point.format(), point.identity(), point.disks(),
                point.hardware().map(Machine::of).orElse(null),
                running.stream().filter(vm -> vm.backup().equals(point.location()))
                        .map(RunningVm::of).toList());
    }
}
