package org.vmfinalize.server.instantvm;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.vmfinalize.server.datastore.Datastores;
import org.vmfinalize.server.idempotency.Idempotent;
import org.vmfinalize.server.paging.Page;
import org.vmfinalize.server.paging.PageRequest;
import org.vmfinalize.server.paging.Sorting;
import org.vmfinalize.server.plan.Plan;
import org.vmfinalize.server.problem.Problem;
import org.vmfinalize.server.problem.ProblemType;
import org.vmfinalize.server.problem.Refuses;
import org.vmfinalize.server.session.Caller;
import org.vmfinalize.vcenter.VirtualMachine;

/// Lists the instant VMs that the caller may see, and makes new ones.
@RestController
@RequestMapping("/api/v1/instant-vms")
class InstantVmsController {

    private static final Sorting<Seen> SORTING = Sorting.<Seen>by(one -> one.vm.id(), "name")
            .text("name", one -> one.machine.name()).time("startedAt", one -> one.vm.createdAt())
            .text("datastore", one -> one.vm.datastore());

    private final InstantVms instantVms;
    private final GoneVms goneVms;
    private final Datastores datastores;
    private final VmStart vmStart;
    private final RunPlan runPlan;

    InstantVmsController(InstantVms instantVms, GoneVms goneVms, Datastores datastores, VmStart vmStart,
            RunPlan runPlan) {
        this.goneVms = goneVms;
        this.runPlan = runPlan;
        this.instantVms = instantVms;
        this.datastores = datastores;
        this.vmStart = vmStart;
    }

    /// Those that the caller may see.
    @GetMapping
    @Refuses(ProblemType.FORBIDDEN)
    ResponseEntity<Page<InstantVmView>> list(@RequestAttribute(Caller.ATTRIBUTE) Caller caller,
            InstantVmFilter filter, PageRequest page) {
        var known = instantVms.all();
        var seen = known.isEmpty()
                ? Map.<String, VirtualMachine>of()
                : caller.ask(vcenter -> vcenter.virtualMachines()).stream()
                        .collect(Collectors.toMap(vm -> vm.ref().value(), Function.identity()));
        var wanted = known.stream()
                .map(vm -> Optional.ofNullable(seen.get(vm.vmId())).map(machine -> new Seen(vm, machine)))
                .flatMap(Optional::stream)
                .filter(one -> filter.accepts(one.vm, one.machine,
                        instantVms.finalization(one.vm.vmId()).isPresent()))
                .toList();
        return SORTING.page(wanted, page).map(one -> view(one.vm, one.machine)).answer();
    }

    /// One of ours and what vCenter shows of it.
    private record Seen(InstantVm vm, VirtualMachine machine) {}

    /// Also one that somebody has taken out of vCenter's inventory, to those who may know of it.
    @GetMapping("/{vmId}")
    @Refuses({ProblemType.VM_NOT_FOUND, ProblemType.NOT_AN_INSTANT_VM, ProblemType.FORBIDDEN})
    InstantVmView find(@RequestAttribute(Caller.ATTRIBUTE) Caller caller, @PathVariable String vmId) {
        try {
            return view(caller, caller.virtualMachine(vmId));
        } catch (Problem problem) {
            if (problem.type() != ProblemType.VM_NOT_FOUND) {
                throw problem;
            }
            return goneVms.shownTo(caller, vmId).flatMap(vm -> view(vm, null)
                    .map(view -> view.with(List.of(GoneVms.remark(vm).detail()))))
                    .orElseThrow(() -> problem);
        }
    }

    private InstantVmView view(Caller caller, VirtualMachine machine) {
        return instantVms.find(machine.ref().value())
                .flatMap(vm -> view(vm, machine))
                .map(view -> view.with(caller.ask(vcenter -> vcenter.state(machine.ref())).guest()))
                .orElseThrow(() -> new Problem(ProblemType.NOT_AN_INSTANT_VM,
                        "VM %s: it does not run from a backup of this server".formatted(machine.name())));
    }

    /// Answers when the machine is there and, if asked for, running.
    @PostMapping
    @Idempotent
    @ResponseStatus(HttpStatus.CREATED)
    @Refuses({ProblemType.BACKUP_NOT_ALLOWED, ProblemType.BACKUP_NOT_FOUND, ProblemType.BACKUP_DAMAGED,
            ProblemType.BACKUP_MISMATCH, ProblemType.BACKUP_UNAVAILABLE, ProblemType.NOT_AN_IMAGE,
            ProblemType.NAME_TAKEN, ProblemType.NAME_INVALID, ProblemType.DATASTORE_NOT_FOUND,
            ProblemType.DATASTORE_NOT_REACHABLE, ProblemType.DATASTORE_FULL, ProblemType.DATASTORE_FAILED,
            ProblemType.AMBIGUOUS_NAME, ProblemType.CLUSTER_NOT_FOUND, ProblemType.FOLDER_NOT_FOUND,
            ProblemType.HOST_NOT_FOUND, ProblemType.HOST_NOT_USABLE, ProblemType.RESOURCE_POOL_NOT_FOUND,
            ProblemType.NETWORK_NOT_FOUND, ProblemType.HARDWARE_VERSION_UNSUPPORTED,
            ProblemType.RESTORE_POINT_NOT_FOUND, ProblemType.VM_NOT_FOUND, ProblemType.FORBIDDEN})
    ResponseEntity<InstantVmView> start(@RequestAttribute(Caller.ATTRIBUTE) Caller caller,
            @RequestBody VmStartRequest request) {
        var started = vmStart.start(caller, request);
        var vm = started.vm();
        var view = view(vm, caller.virtualMachine(vm.vmId()));
        return ResponseEntity.status(HttpStatus.CREATED)
                .header(HttpHeaders.LOCATION, URI.create("/api/v1/instant-vms/" + vm.vmId()).toString())
                .header("Server-Timing", started.times().header())
                .body(view.orElseThrow().with(started.warnings()));
    }

    /// Says what would come of [#start], and changes nothing.
    @PostMapping("/plan")
    @Refuses({ProblemType.BACKUP_NOT_ALLOWED, ProblemType.FORBIDDEN})
    Plan plan(@RequestAttribute(Caller.ATTRIBUTE) Caller caller, @RequestBody VmStartRequest request) {
        return runPlan.of(caller, request);
    }

    private Optional<InstantVmView> view(InstantVm vm, @Nullable VirtualMachine seen) {
        var finalization = instantVms.finalization(vm.vmId()).orElse(null);
        return datastores.find(vm.datastore())
                .flatMap(datastore -> instantVms.disks(vm)
                        .map(disks -> InstantVmView.of(vm, seen, datastore, disks, finalization,
                                instantVms.isDiscarding(vm.vmId()))));
    }
}
