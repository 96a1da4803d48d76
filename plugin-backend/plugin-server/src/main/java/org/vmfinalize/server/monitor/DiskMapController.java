package org.vmfinalize.server.monitor;

import java.io.IOException;
import java.util.List;
import java.util.function.ToLongFunction;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.vmfinalize.disk.DiskCell;
import org.vmfinalize.server.problem.Problem;
import org.vmfinalize.server.problem.ProblemType;
import org.vmfinalize.server.problem.Refuses;
import org.vmfinalize.server.session.Caller;

/// Shows which parts of a disk are local, and which are still in the backup.
@RestController
class DiskMapController {

    private static final int MAX_CELLS = 4096;

    private final WatchedVms vms;

    DiskMapController(WatchedVms vms) {
        this.vms = vms;
    }

    /// The map of a disk, in the same time and memory whatever the disk's size.
    ///
    /// @param disk its number in the order of the machine's disks, from 0
    /// @param cells into how many equal parts it is cut; a small disk has fewer
    @GetMapping("/api/v1/instant-vms/{vmId}/disks/{disk}/map")
    @Refuses({ProblemType.VM_NOT_FOUND, ProblemType.NOT_AN_INSTANT_VM, ProblemType.NOT_FOUND,
            ProblemType.FORBIDDEN})
    DiskMap map(@RequestAttribute(Caller.ATTRIBUTE) Caller caller, @PathVariable String vmId,
            @PathVariable int disk, @RequestParam(defaultValue = "512") int cells) throws IOException {
        if (cells < 1 || cells > MAX_CELLS) {
            throw new Problem(ProblemType.BAD_REQUEST,
                    "cells: must be 1 to %d but was %d".formatted(MAX_CELLS, cells));
        }
        var disks = vms.disks(caller, vmId);
        if (disk < 0 || disk >= disks.size()) {
            throw new Problem(ProblemType.NOT_FOUND,
                    "disk %d: VM %s has disks 0 to %d".formatted(disk, vmId, disks.size() - 1));
        }
        var shown = disks.get(disk);
        var parts = shown.cells(cells);
        return new DiskMap(shown.name(), shown.size(), bytes(parts, DiskCell::sizeBytes),
                bytes(parts, DiskCell::localBytes), bytes(parts, DiskCell::guestBytes));
    }

    private static List<Long> bytes(List<DiskCell> cells, ToLongFunction<DiskCell> what) {
        return cells.stream().map(what::applyAsLong).toList();
    }

    /// A disk in equal parts; each list has a number of bytes for each part.
    ///
    /// @param cellBytes how large the part is
    /// @param localBytes what of it is in the datastore; the rest is still in the backup
    /// @param guestBytes what of `localBytes` the guest wrote; in parts of more than 2 MiB found by a sample
    record DiskMap(String name, long sizeBytes, List<Long> cellBytes, List<Long> localBytes,
            List<Long> guestBytes) {}
}
