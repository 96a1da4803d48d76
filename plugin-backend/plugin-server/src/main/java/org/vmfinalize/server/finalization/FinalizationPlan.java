package org.vmfinalize.server.finalization;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.springframework.stereotype.Component;
import org.vmfinalize.finalization.Provisioning;
import org.vmfinalize.hydration.PaceSettings;
import org.vmfinalize.places.Credentials;
import org.vmfinalize.server.datastore.Datastores;
import org.vmfinalize.server.datastore.HostMounts;
import org.vmfinalize.server.instantvm.Clashes;
import org.vmfinalize.server.instantvm.InstantVm;
import org.vmfinalize.server.instantvm.RestorePointIds;
import org.vmfinalize.server.plan.Objections;
import org.vmfinalize.server.plan.Plan;
import org.vmfinalize.server.plan.Plan.Remark;
import org.vmfinalize.server.plan.Privileges;
import org.vmfinalize.server.plan.WarningType;
import org.vmfinalize.server.problem.Problem;
import org.vmfinalize.server.problem.ProblemType;
import org.vmfinalize.server.session.Caller;
import org.vmfinalize.vcenter.Host;
import org.vmfinalize.vcenter.MachineState;

/// Says what would come of a finalization. Changes nothing.
@Component
class FinalizationPlan {

    private static final int JOBS_MEASURED = 10;
    /// A smaller job says more of its beginning and end than of the rate between them.
    private static final long SMALLEST_MEASURED = 64L << 20;

    private final Admission admission;
    private final Datastores datastores;
    private final HostMounts mounts;
    private final RestorePointIds restorePoints;
    private final JobStore jobs;

    FinalizationPlan(Admission admission, Datastores datastores, HostMounts mounts,
            RestorePointIds restorePoints, JobStore jobs) {
        this.admission = admission;
        this.datastores = datastores;
        this.mounts = mounts;
        this.restorePoints = restorePoints;
        this.jobs = jobs;
    }

    Plan of(Caller caller, FinalizationRequest request) {
        var objections = Objections.collected();
        var found = admission.look(caller, request, objections);
        var vm = found.vm();
        var state = caller.ask(vcenter -> vcenter.state(vm.ref()));
        var clashes = clashes(caller, found, state, objections);
        var hosts = hosts(caller, found, state);
        var warnings = new ArrayList<>(Clashes.warnings(clashes));
        found.instantVm().ifPresent(one -> warnings.addAll(HostMounts.warnings(one.datastore(), hosts)));
        found.target().ifPresent(target -> target.check().warnings()
                .forEach(text -> warnings.add(Remark.of(WarningType.MOVE_REMARK, text))));
        var disks = found.room().map(Room::disks).orElse(List.of());
        return new Plan("finalize", objections.all().isEmpty(), new Plan.Vm(vm.ref().value(), vm.name()),
                found.newName().orElse(null),
                found.disks().map(live -> new Plan.Backup(Credentials.hidden(live.backup().location()),
                        live.backup().format(),
                        found.instantVm().map(InstantVm::takenAt).orElse(null))).orElse(null),
                found.provisioning().orElse(Provisioning.THIN).text(), disks, Plan.Disk.inBackup(disks),
                found.room().map(room -> new Plan.Space(room.datastore(), room.neededBytes(),
                        room.freeBytes())).orElse(null),
                Privileges.of(caller, found.rights()), clashes, hosts, time(found),
                objections.all().stream().map(Remark::of).toList(), warnings,
                found.target().map(MoveAdmission.Target::plan).orElse(null));
    }

    private List<Plan.Clash> clashes(Caller caller, Admission.Found found, MachineState state,
            Objections objections) {
        var all = new Clashes(caller);
        var clashes = new ArrayList<Plan.Clash>();
        found.newName().flatMap(name -> state.folder()
                .flatMap(folder -> all.ofName(name, folder, Optional.of(found.vm().ref()))))
                .ifPresent(clash -> {
                    clashes.add(clash);
                    objections.check(() -> {
                        throw new Problem(ProblemType.NAME_TAKEN,
                                "name '%s': another object in the same folder of vCenter has it; choose another name"
                                        .formatted(clash.value()));
                    });
                });
        found.instantVm().ifPresent(vm -> clashes.addAll(all.of(vm.ref(),
                restorePoints.vmName(vm.backup()).orElse(vm.name()))));
        return clashes;
    }

    private List<Plan.HostReach> hosts(Caller caller, Admission.Found found, MachineState state) {
        var datastore = found.instantVm().flatMap(vm -> datastores.find(vm.datastore()));
        var all = caller.ask(vcenter -> vcenter.hosts());
        var cluster = all.stream().filter(host -> state.host().equals(Optional.of(host.ref()))).findFirst()
                .map(Host::computeResource);
        if (datastore.isEmpty() || cluster.isEmpty()) {
            return List.of();
        }
        return mounts.reach(datastore.get(), all.stream()
                .filter(host -> host.computeResource().equals(cluster.get())).toList());
    }

    /// From the rates of the newest finalizations to the same datastore, the slowest and the fastest.
    private Plan.Time time(Admission.Found found) {
        var room = found.room();
        if (room.isEmpty()) {
            return Plan.Time.notKnown("the disks cannot be looked at");
        }
        long toDo = room.get().disks().stream().map(Plan.Disk::inBackupBytes)
                .mapToLong(bytes -> bytes == null ? 0 : bytes).sum();
        long limit = found.pace().map(PaceSettings::bytesPerSecond).orElse(0L);
        var rates = jobs.newestCompleted(room.get().datastore(), JOBS_MEASURED).stream()
                .flatMapToDouble(FinalizationPlan::rate)
                .map(rate -> limit > 0 ? Math.min(rate, (double) limit) : rate).summaryStatistics();
        if (toDo == 0) {
            return new Plan.Time(0L, 0L, null);
        }
        if (rates.getCount() == 0) {
            return Plan.Time.notKnown(
                    "no finalization to datastore '%s' that copied at least %d MiB has been completed yet, so no rate is measured"
                            .formatted(room.get().datastore(), SMALLEST_MEASURED >> 20));
        }
        return new Plan.Time((long) (toDo / rates.getMax()), (long) Math.ceil(toDo / rates.getMin()), null);
    }

    /// Bytes per second while it was not held up.
    private static DoubleStream rate(Job job) {
        var progress = job.progress();
        var end = job.endedAt();
        if (progress == null || end == null || progress.hydratedBytes() < SMALLEST_MEASURED) {
            return DoubleStream.empty();
        }
        long millis = Duration.between(job.startedAt(), end).toMillis() - progress.heldUp().pausedMillis();
        return millis <= 0
                ? DoubleStream.empty()
                : DoubleStream.of(progress.hydratedBytes() * 1000.0 / millis);
    }
}
