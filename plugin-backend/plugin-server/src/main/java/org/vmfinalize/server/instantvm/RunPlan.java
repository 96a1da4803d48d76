package org.vmfinalize.server.instantvm;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.vmfinalize.backup.Hardware;
import org.vmfinalize.datastore.Datastore;
import org.vmfinalize.places.Credentials;
import org.vmfinalize.server.datastore.HostMounts;
import org.vmfinalize.server.plan.Objections;
import org.vmfinalize.server.plan.Plan;
import org.vmfinalize.server.plan.Plan.Remark;
import org.vmfinalize.server.plan.Privileges;
import org.vmfinalize.server.plan.WarningType;
import org.vmfinalize.server.problem.Problem;
import org.vmfinalize.server.problem.ProblemType;
import org.vmfinalize.server.session.Caller;
import org.vmfinalize.vcenter.VirtualHardware;

/// Says what would come of running a machine from a backup. Changes nothing.
@Component
class RunPlan {

    private final RunAdmission admission;
    private final BackupCheck backups;
    private final HostMounts mounts;

    RunPlan(RunAdmission admission, BackupCheck backups, HostMounts mounts) {
        this.admission = admission;
        this.backups = backups;
        this.mounts = mounts;
    }

    Plan of(Caller caller, VmStartRequest request) {
        var objections = Objections.collected();
        var found = admission.look(caller, request, objections, _ -> {
        });
        var disks = found.backup().flatMap(backup -> objections.ask(() -> backups.disks(backup.reference())))
                .orElse(List.of());
        if (request.secondCopy() != null) {
            objections.check(() -> backups.open(request.secondCopy()));
        }
        var clashes = clashes(caller, request, found, objections);
        var hosts = hosts(caller, found, objections);
        var warnings = new ArrayList<Remark>();
        found.cardWarnings().forEach(text -> warnings.add(Remark.of(WarningType.NETWORK_CARD, text)));
        found.backup().flatMap(BackupCheck.Checked::hardware).map(Hardware::remarks).orElse(List.of())
                .forEach(text -> warnings.add(Remark.of(WarningType.BACKUP_REMARK, text)));
        warnings.addAll(Clashes.warnings(clashes));
        warnings.addAll(HostMounts.warnings(String.valueOf(request.datastore()), hosts));
        var space = found.datastore()
                .flatMap(datastore -> objections.ask(() -> space(datastore, Plan.Disk.needed(disks))));
        return new Plan("run", objections.all().isEmpty(),
                new Plan.Vm(null, found.name().orElse(String.valueOf(request.name()))), null,
                found.backup().map(RunPlan::backup).orElse(null), "thin", disks, Plan.Disk.inBackup(disks),
                space.orElse(null), Privileges.of(caller, found.rights()), clashes, hosts,
                Plan.Time.notKnown(
                        "a machine runs as soon as it is made, before anything of its disks is copied"),
                objections.all().stream().map(Remark::of).toList(), warnings, null);
    }

    private static Plan.Backup backup(BackupCheck.Checked backup) {
        return new Plan.Backup(Credentials.hidden(backup.reference().location()),
                backup.reference().format(), backup.takenAt().orElse(null));
    }

    private List<Plan.Clash> clashes(Caller caller, VmStartRequest request, RunAdmission.Found found,
            Objections objections) {
        var clashes = new ArrayList<Plan.Clash>();
        var all = new Clashes(caller);
        found.name().flatMap(name -> found.destination()
                .flatMap(destination -> all.ofName(name, destination.folder(), Optional.empty())))
                .ifPresent(clash -> {
                    clashes.add(clash);
                    objections.check(() -> {
                        throw new Problem(ProblemType.NAME_TAKEN,
                                "name '%s': another object in the same folder of vCenter has it; choose another name"
                                        .formatted(clash.value()));
                    });
                });
        found.cards().ifPresent(cards -> hardware(request, found, cards)
                .ifPresent(hardware -> clashes.addAll(all.of(hardware, found.backup().orElseThrow()
                        .hardware().map(Hardware::name).orElse(found.name().orElse(""))))));
        return clashes;
    }

    private static Optional<VirtualHardware> hardware(VmStartRequest request, RunAdmission.Found found,
            List<VirtualHardware.NetworkCard> cards) {
        try {
            return Optional.of(
                    MachineHardware.of(request, found.backup().orElseThrow().hardware(), List.of(), cards));
        } catch (IllegalArgumentException _) {
            // Refused already, by the admission.
            return Optional.empty();
        }
    }

    private List<Plan.HostReach> hosts(Caller caller, RunAdmission.Found found, Objections objections) {
        if (found.datastore().isEmpty() || found.destination().isEmpty()) {
            return List.of();
        }
        var destination = found.destination().get();
        var cluster = caller.ask(vcenter -> vcenter.hosts()).stream()
                .filter(host -> host.computeResource().equals(destination.computeResource())).toList();
        var hosts = mounts.reach(found.datastore().get(), cluster);
        boolean none = destination.hosts().stream().allMatch(host -> hosts.stream()
                .anyMatch(reach -> reach.id().equals(host.ref().value())
                        && Boolean.FALSE.equals(reach.reachable())));
        if (none) {
            objections.check(() -> {
                throw new Problem(ProblemType.DATASTORE_NOT_REACHABLE,
                        "datastore '%s': no host that the machine may run on reaches it: %s".formatted(
                                found.datastore().get().name(), hosts.getFirst().reason()));
            });
        }
        return hosts;
    }

    private static Plan.Space space(Datastore datastore, @Nullable Long needed) {
        try {
            return new Plan.Space(datastore.name(), needed, datastore.usableBytes());
        } catch (IOException e) {
            throw new Problem(ProblemType.DATASTORE_FAILED,
                    "datastore '%s': its free space cannot be read: %s".formatted(datastore.name(),
                            e.getMessage()),
                    e);
        }
    }
}
