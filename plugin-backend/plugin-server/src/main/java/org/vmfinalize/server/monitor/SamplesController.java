package org.vmfinalize.server.monitor;

import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RestController;
import org.vmfinalize.server.problem.ProblemType;
import org.vmfinalize.server.problem.Refuses;
import org.vmfinalize.server.session.Caller;

/// Shows how a machine went during the last ten minutes.
@RestController
class SamplesController {

    private final WatchedVms vms;
    private final Samples samples;

    SamplesController(WatchedVms vms, Samples samples) {
        this.vms = vms;
        this.samples = samples;
    }

    @GetMapping("/api/v1/instant-vms/{vmId}/samples")
    @Refuses({ProblemType.VM_NOT_FOUND, ProblemType.NOT_AN_INSTANT_VM, ProblemType.FORBIDDEN})
    Items list(@RequestAttribute(Caller.ATTRIBUTE) Caller caller, @PathVariable String vmId) {
        vms.disks(caller, vmId);
        return new Items(Samples.STEP_SECONDS, samples.of(vmId));
    }

    /// @param stepSeconds the time between two samples
    /// @param items the oldest first
    record Items(long stepSeconds, List<Sample> items) {}
}
