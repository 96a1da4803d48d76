package org.vmfinalize.formats.machine;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.vmfinalize.backup.DiskAddress;
import org.vmfinalize.backup.DiskController;

/// Finds a controller and a place on it for each disk, where the description leaves that open or asks for what vSphere
/// does not have.
///
/// **Threads:** one.
public final class Attachments {

    private static final int MAX_BUSES = 4;
    private static final int SCSI_CONTROLLER_UNIT = 7;

    private final List<DiskController> controllers = new ArrayList<>();
    private final List<DiskAddress> disks = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();

    public List<DiskController> controllers() {
        return controllers;
    }

    public List<DiskAddress> disks() {
        return disks;
    }

    /// What could not be as the description has it.
    public List<String> remarks() {
        return remarks;
    }

    /// Adds a controller, on the bus that is wanted if that is free, else on the next one that is; if none is, a controller
    /// that is there already.
    public DiskController addController(DiskController.Type type, OptionalInt wantedBus) {
        Set<Integer> taken = new HashSet<>();
        controllers.stream().filter(other -> sharesBuses(other.type(), type))
                .forEach(other -> taken.add(other.bus()));
        int[] free = IntStream.range(0, MAX_BUSES).filter(bus -> !taken.contains(bus)).toArray();
        if (free.length == 0) {
            remarks.add(
                    "There are more controllers of type %s than %d; disks of the others hang on the last one."
                            .formatted(type, MAX_BUSES));
            return controllers.reversed().stream().filter(other -> sharesBuses(other.type(), type))
                    .findFirst()
                    .orElseThrow();
        }
        int bus = wantedBus.isPresent() && IntStream.of(free).anyMatch(one -> one == wantedBus.getAsInt())
                ? wantedBus.getAsInt()
                : free[0];
        var controller = new DiskController(type, bus);
        controllers.add(controller);
        return controller;
    }

    private static boolean sharesBuses(DiskController.Type one, DiskController.Type other) {
        return one == other || (one.isScsi() && other.isScsi());
    }

    /// Puts a disk at the unit that is wanted if that is free, else at the next one that is, on this controller or on
    /// another of its type, which is added if needed.
    ///
    /// @return whether there was a place
    public boolean attach(String disk, DiskController controller, OptionalInt wantedUnit) {
        if (wantedUnit.isPresent() && isFree(controller, wantedUnit.getAsInt())) {
            disks.add(new DiskAddress(disk, controller, wantedUnit.getAsInt()));
            return true;
        }
        DiskController roomy = isFull(controller) ? another(controller.type()) : controller;
        if (roomy == null) {
            remarks.add(
                    "There is no free place on a controller of type %s for %s.".formatted(controller.type(),
                            disk));
            return false;
        }
        int unit = freeUnits(roomy).findFirst().orElseThrow();
        if (wantedUnit.isPresent()) {
            remarks.add("The unit %d of %s on %s is not to be had; it is at unit %d of bus %d.".formatted(
                    wantedUnit.getAsInt(), disk, controller.type(), unit, roomy.bus()));
        }
        disks.add(new DiskAddress(disk, roomy, unit));
        return true;
    }

    private @Nullable DiskController another(DiskController.Type type) {
        for (var other : controllers) {
            if (other.type() == type && !isFull(other)) {
                return other;
            }
        }
        long taken = controllers.stream().filter(other -> sharesBuses(other.type(), type)).count();
        return taken == MAX_BUSES ? null : addController(type, OptionalInt.empty());
    }

    private boolean isFull(DiskController controller) {
        return freeUnits(controller).findFirst().isEmpty();
    }

    private IntStream freeUnits(DiskController controller) {
        return IntStream.range(0, controller.type().units()).filter(unit -> isFree(controller, unit));
    }

    private boolean isFree(DiskController controller, int unit) {
        return unit >= 0 && unit < controller.type().units()
                && !(controller.type().isScsi() && unit == SCSI_CONTROLLER_UNIT)
                && disks.stream().noneMatch(
                        disk -> disk.controller().equals(controller) && disk.unit() == unit);
    }
}
