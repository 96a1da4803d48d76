package org.vmfinalize.backup;

/// Where a disk of a backup hangs in its machine.
///
/// @param disk the disk's [BackupDisk#name()]
/// @param controller what it hangs on
/// @param unit its number on the controller, less than [DiskController.Type#units()] and not 7 on SCSI
public record DiskAddress(String disk, DiskController controller, int unit) {

    private static final int SCSI_CONTROLLER = 7;

    public DiskAddress {
        var type = controller.type();
        if (unit < 0 || unit >= type.units() || (type.isScsi() && unit == SCSI_CONTROLLER)) {
            throw new IllegalArgumentException(
                    "%s: the unit on %s must be 0..%d%s but was %d".formatted(disk, type,
                            type.units() - 1, type.isScsi() ? " and not 7" : "", unit));
        }
    }

    record Place(DiskController controller, int unit) {}

    Place place() {
        return new Place(controller, unit);
    }
}
