package org.vmfinalize.server.instantvm;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.vmfinalize.backup.DiskController;
import org.vmfinalize.backup.Hardware;
import org.vmfinalize.server.problem.Problem;
import org.vmfinalize.server.problem.ProblemType;
import org.vmfinalize.vcenter.DatastorePath;
import org.vmfinalize.vcenter.VirtualHardware;
import org.vmfinalize.vcenter.VirtualHardware.Controller;
import org.vmfinalize.vcenter.VirtualHardware.ControllerType;
import org.vmfinalize.vcenter.VirtualHardware.ExistingDisk;
import org.vmfinalize.vcenter.VirtualHardware.Firmware;

/// Makes the hardware of a new machine out of what its backup says of the original, and of what the request says.
final class MachineHardware {

    private static final String DEFAULT_GUEST = "otherLinux64Guest";
    private static final long DEFAULT_MEMORY_MIB = 1024;
    private static final int MEMORY_STEP_MIB = 4;

    private final VmStartRequest request;
    private final Optional<Hardware> original;
    private final List<Controller> controllers = new ArrayList<>();
    private final List<ExistingDisk> placed = new ArrayList<>();

    private MachineHardware(VmStartRequest request, Optional<Hardware> original) {
        this.request = request;
        this.original = original;
    }

    /// A disk of the new machine.
    ///
    /// @param backupDisk what the backup calls it
    /// @param descriptor where it is now
    /// @param changes the datastore on which a child of it is made; empty: it takes the changes itself
    record Disk(String backupDisk, DatastorePath descriptor, long capacityBytes, Optional<String> changes) {}

    /// Refuses what can be no machine, whatever its disks.
    ///
    /// @throws Problem BAD_REQUEST
    static void checked(VmStartRequest request, Optional<Hardware> original,
            List<VirtualHardware.NetworkCard> cards) {
        try {
            var _ = of(request, original, List.of(), cards);
        } catch (IllegalArgumentException e) {
            throw new Problem(ProblemType.BAD_REQUEST, e.getMessage(), e);
        }
    }

    /// @param disks in the order of the backup
    /// @throws IllegalArgumentException if there can be no such machine
    static VirtualHardware of(VmStartRequest request, Optional<Hardware> original, List<Disk> disks,
            List<VirtualHardware.NetworkCard> cards) {
        return new MachineHardware(request, original).build(disks, cards);
    }

    private VirtualHardware build(List<Disk> disks, List<VirtualHardware.NetworkCard> cards) {
        original.ifPresent(hardware -> hardware.controllers().forEach(this::controller));
        disks.forEach(this::place);
        var firmware = original.map(Hardware::firmware).orElse(Hardware.Firmware.BIOS);
        int cpus = request.cpus() != null
                ? request.cpus()
                : original.map(hardware -> hardware.processors().count()).orElse(1);
        return new VirtualHardware(guestId(), Optional.ofNullable(request.hardwareVersion()), cpus,
                coresPerSocket(cpus), memoryMiB(),
                firmware == Hardware.Firmware.BIOS ? Firmware.BIOS : Firmware.EFI,
                firmware == Hardware.Firmware.EFI_SECURE_BOOT,
                kept(original.flatMap(hardware -> hardware.uuids().bios())),
                kept(original.flatMap(hardware -> hardware.uuids().instance())), controllers, placed, cards);
    }

    private String guestId() {
        return request.guestId() != null
                ? request.guestId()
                : original.flatMap(Hardware::guestId).orElse(DEFAULT_GUEST);
    }

    /// As the original has them, where that fits the number of CPUs.
    private int coresPerSocket(int cpus) {
        int cores = original.map(hardware -> hardware.processors().coresPerSocket()).orElse(1);
        return cpus % cores == 0 ? cores : 1;
    }

    private long memoryMiB() {
        if (request.memoryMiB() != null) {
            return request.memoryMiB();
        }
        long mebibytes = original.map(hardware -> hardware.memoryBytes() >> 20).orElse(DEFAULT_MEMORY_MIB);
        return Math.ceilDiv(mebibytes, (long) MEMORY_STEP_MIB) * MEMORY_STEP_MIB;
    }

    private Optional<String> kept(Optional<UUID> uuid) {
        return Boolean.TRUE.equals(request.keepUuids()) ? uuid.map(UUID::toString) : Optional.empty();
    }

    /// The index of a controller, which is added if it is not there.
    private int controller(DiskController wanted) {
        var controller = new Controller(type(wanted.type()), wanted.bus());
        int index = controllers.indexOf(controller);
        if (index < 0) {
            controllers.add(controller);
            index = controllers.size() - 1;
        }
        return index;
    }

    static ControllerType type(DiskController.Type type) {
        return switch (type) {
            case PVSCSI -> ControllerType.PARAVIRTUAL_SCSI;
            case LSI_LOGIC -> ControllerType.LSI_LOGIC;
            case LSI_LOGIC_SAS -> ControllerType.LSI_LOGIC_SAS;
            case BUS_LOGIC -> ControllerType.BUS_LOGIC;
            case AHCI -> ControllerType.SATA;
            case NVME -> ControllerType.NVME;
            case IDE -> ControllerType.IDE;
        };
    }

    private void place(Disk disk) {
        var address = original.flatMap(hardware -> hardware.disks().stream()
                .filter(known -> known.disk().equals(disk.backupDisk)).findFirst());
        if (address.isPresent()) {
            placed.add(new ExistingDisk(disk.descriptor, disk.capacityBytes,
                    controller(address.get().controller()), address.get().unit(), disk.changes));
        } else {
            placeSomewhere(disk);
        }
    }

    /// On the first SCSI controller with a free place, which no disk with an address of its own takes.
    private void placeSomewhere(Disk disk) {
        for (int bus = 0; bus < ControllerType.PARAVIRTUAL_SCSI.maxControllers(); bus++) {
            int index = scsi(bus);
            var type = controllers.get(index).type();
            for (int unit = 0; type.hasUnit(unit) || type.hasUnit(unit + 1); unit++) {
                if (type.hasUnit(unit) && !isTaken(index, unit)) {
                    placed.add(new ExistingDisk(disk.descriptor, disk.capacityBytes, index, unit,
                            disk.changes));
                    return;
                }
            }
        }
        throw new IllegalArgumentException(
                "disk %s: a machine has room for at most 60 SCSI disks but the backup has more"
                        .formatted(disk.backupDisk));
    }

    private int scsi(int bus) {
        for (int i = 0; i < controllers.size(); i++) {
            if (controllers.get(i).type().isScsi() && controllers.get(i).bus() == bus) {
                return i;
            }
        }
        controllers.add(new Controller(ControllerType.PARAVIRTUAL_SCSI, bus));
        return controllers.size() - 1;
    }

    private boolean isTaken(int controller, int unit) {
        return placed.stream().anyMatch(disk -> disk.controller() == controller && disk.unit() == unit)
                || original.stream().flatMap(hardware -> hardware.disks().stream())
                        .anyMatch(address -> controller(address.controller()) == controller
                                && address.unit() == unit);
    }
}
