package org.vmfinalize.vcenter;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/// The hardware of a virtual machine that is to be created.
///
/// @param guestId        the guest operating system, such as `otherLinux64Guest`
/// @param version        the version of the virtual hardware, such as `vmx-19`; empty: the default of the host
/// @param cpus           number of virtual CPUs, 1 or more
/// @param coresPerSocket 1 or more; divides `cpus`
/// @param memoryMiB      4 or more, a multiple of 4
/// @param firmware       what the machine boots with
/// @param secureBoot     whether only signed boot loaders start; with EFI only
/// @param uuid           the UUID that the guest sees; empty: a new one
/// @param instanceUuid   the UUID by which vCenter tells machines apart; empty: a new one
/// @param controllers    what the disks are connected to
/// @param disks          disks that exist, each on one of the controllers
/// @param cards          network cards, in the guest's order
public record VirtualHardware(String guestId, Optional<String> version, int cpus, int coresPerSocket,
        long memoryMiB, Firmware firmware, boolean secureBoot, Optional<String> uuid,
        Optional<String> instanceUuid, List<Controller> controllers, List<ExistingDisk> disks,
        List<NetworkCard> cards) {

    public VirtualHardware {
        controllers = List.copyOf(controllers);
        disks = List.copyOf(disks);
        cards = List.copyOf(cards);
        require(cpus >= 1 && coresPerSocket >= 1 && cpus % coresPerSocket == 0,
                "CPUs: must be a multiple of the cores per socket but were %d and %d".formatted(cpus,
                        coresPerSocket));
        require(memoryMiB >= 4 && memoryMiB % 4 == 0,
                "memory: must be a multiple of 4 MiB but was %d MiB".formatted(memoryMiB));
        require(!secureBoot || firmware == Firmware.EFI,
                "secure boot: needs EFI firmware but has %s".formatted(firmware));
        checkDisks(controllers, disks);
    }

    /// A machine with `disks` on one paravirtual SCSI controller and nothing else.
    ///
    /// @param disks each with the controller 0
    public static VirtualHardware simple(String guestId, int cpus, long memoryMiB, List<ExistingDisk> disks) {
        return new VirtualHardware(guestId, Optional.empty(), cpus, 1, memoryMiB, Firmware.BIOS, false,
                Optional.empty(), Optional.empty(),
                disks.isEmpty() ? List.of() : List.of(new Controller(ControllerType.PARAVIRTUAL_SCSI, 0)),
                disks, List.of());
    }

    private static void checkDisks(List<Controller> controllers, List<ExistingDisk> disks) {
        record Address(int controller, int unit) {}
        var taken = new HashSet<Address>();
        for (var disk : disks) {
            require(disk.controller >= 0 && disk.controller < controllers.size(),
                    "disk %s: its controller must be one of %d but was number %d".formatted(disk.descriptor,
                            controllers.size(), disk.controller));
            var type = controllers.get(disk.controller).type;
            require(type.hasUnit(disk.unit), "disk %s: unit %d is none of a controller of the type %s"
                    .formatted(disk.descriptor, disk.unit, type));
            require(taken.add(new Address(disk.controller, disk.unit)),
                    "disk %s: unit %d of its controller is taken by another disk".formatted(disk.descriptor,
                            disk.unit));
        }
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }

    /// What a machine boots with.
    public enum Firmware {
        BIOS, EFI
    }

    /// A kind of disk controller.
    public enum ControllerType {
        PARAVIRTUAL_SCSI(16), LSI_LOGIC(16), LSI_LOGIC_SAS(16), BUS_LOGIC(16), SATA(30), NVME(15),
        /// Two of them are in every machine; they need not be made.
        IDE(2);

        /// The SCSI controller itself is unit 7 of its bus.
        private static final int OWN_UNIT = 7;

        private final int units;

        ControllerType(int units) {
            this.units = units;
        }

        /// Whether a disk may have this unit number.
        public boolean hasUnit(int unit) {
            return unit >= 0 && unit < units && !(isScsi() && unit == OWN_UNIT);
        }

        public boolean isScsi() {
            return switch (this) {
                case PARAVIRTUAL_SCSI, LSI_LOGIC, LSI_LOGIC_SAS, BUS_LOGIC -> true;
                case SATA, NVME, IDE -> false;
            };
        }

        /// How many controllers of this kind, or for SCSI of any SCSI kind, one machine may have.
        public int maxControllers() {
            return this == IDE ? 2 : 4;
        }
    }

    /// A disk controller.
    ///
    /// @param bus its number among the controllers of its kind, from 0; all kinds of SCSI count as one
    public record Controller(ControllerType type, int bus) {}

    /// A virtual disk whose files are there already; they are neither made nor changed.
    ///
    /// @param changes       the datastore on which vCenter makes a child disk, of which this one is the read-only parent;
    ///                      empty: the machine writes to this one
    /// @param descriptor    its `.vmdk` descriptor
    /// @param capacityBytes its size, a multiple of 512
    /// @param controller    the index of its controller in [VirtualHardware#controllers()]
    /// @param unit          its number there
    public record ExistingDisk(DatastorePath descriptor, long capacityBytes, int controller, int unit,
            Optional<String> changes) {

        /// One that the machine writes to.
        public ExistingDisk(DatastorePath descriptor, long capacityBytes, int controller, int unit) {
            this(descriptor, capacityBytes, controller, unit, Optional.empty());
        }

        public ExistingDisk {
            require(capacityBytes > 0 && capacityBytes % 512 == 0,
                    "disk %s: the capacity must be a positive multiple of 512 bytes but was %d".formatted(
                            descriptor,
                            capacityBytes));
        }
    }

    /// A kind of network card.
    public enum CardType {
        VMXNET3, VMXNET2, E1000, E1000E, PCNET32
    }

    /// A network card.
    ///
    /// @param network   the network that it is plugged into, also while it is not connected
    /// @param mac       its address, such as `00:50:56:aa:bb:cc`; empty: vCenter makes one
    /// @param connected whether it is connected when the machine starts
    public record NetworkCard(CardType type, Network network, Optional<String> mac, boolean connected) {

        public NetworkCard {
            require(mac.isEmpty() || mac.get().matches("(?i)[0-9a-f]{2}(:[0-9a-f]{2}){5}"),
                    "network card: the MAC must have the form 00:50:56:aa:bb:cc but was '%s'"
                            .formatted(mac.orElse("")));
        }
    }
}
