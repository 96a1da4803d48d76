package org.vmfinalize.backup;

/// A virtual controller that disks hang on.
///
/// @param type what the guest needs a driver for
/// @param bus counts the controllers of a kind, from 0: SCSI, SATA, NVMe and IDE each on their own
public record DiskController(Type type, int bus) {

    private static final int MAX_BUS = 3;

    public DiskController {
        if (bus < 0 || bus > MAX_BUS) {
            throw new IllegalArgumentException(
                    "a controller's bus must be 0..%d but was %d".formatted(MAX_BUS, bus));
        }
    }

    /// Types of controllers, by what vSphere calls them.
    public enum Type {
        /// VMware Paravirtual SCSI.
        PVSCSI(16),
        /// LSI Logic Parallel.
        LSI_LOGIC(16),
        /// LSI Logic SAS.
        LSI_LOGIC_SAS(16),
        /// BusLogic Parallel.
        BUS_LOGIC(16),
        /// SATA.
        AHCI(30),
        /// NVM Express.
        NVME(15),
        /// IDE; each bus is a controller of its own.
        IDE(2);

        private final int units;

        Type(int units) {
            this.units = units;
        }

        /// How many unit numbers there are, from 0; on SCSI number 7 is the controller's own.
        public int units() {
            return units;
        }

        /// Whether it counts its buses with the SCSI controllers.
        public boolean isScsi() {
            return this == PVSCSI || this == LSI_LOGIC || this == LSI_LOGIC_SAS || this == BUS_LOGIC;
        }
    }
}
