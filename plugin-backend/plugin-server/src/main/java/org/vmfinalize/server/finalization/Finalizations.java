package org.vmfinalize.server.finalization;

import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;
import org.vmfinalize.datastore.InstantDisks;
import org.vmfinalize.disk.LiveDisk;
import org.vmfinalize.hydration.PaceSettings;
import org.vmfinalize.server.datastore.Datastores;
import org.vmfinalize.server.http.IfMatch;
import org.vmfinalize.server.instantvm.BackupReleased;
import org.vmfinalize.server.instantvm.DiskFiles;
import org.vmfinalize.server.instantvm.InstantVm;
import org.vmfinalize.server.instantvm.InstantVms;
import org.vmfinalize.server.instantvm.VmRemoval;
import org.vmfinalize.server.paging.Page;
import org.vmfinalize.server.paging.PageRequest;
import org.vmfinalize.server.paging.Sorting;
import org.vmfinalize.server.problem.Problem;
import org.vmfinalize.server.problem.ProblemType;
import org.vmfinalize.server.receipt.Receipts;
import org.vmfinalize.server.session.Caller;
import org.vmfinalize.server.session.Sights;
import org.vmfinalize.server.vcenter.ServiceAccount;
import org.vmfinalize.server.vcenter.VCenterWatch;
import org.vmfinalize.server.vcenter.VmFinalizeKeys;
import org.vmfinalize.server.vcenter.VmNotes;
import org.vmfinalize.vcenter.MoRef;

/// All finalizations of this server.
///
/// A job is written down before anything is done for it, so that a restart, in whatever way, goes on with it.
///
/// **Threads:** any number; of two that want to finalize the same machine, the database lets one.
@Component
public class Finalizations {

    private static final Logger LOG = LoggerFactory.getLogger(Finalizations.class);

    private static final Sorting<JobRow> SORTING = Sorting.<JobRow>by(JobRow::id, "-startedAt")
            .time("startedAt", JobRow::startedAt).time("endedAt", JobRow::endedAt)
            .text("vm", JobRow::name).text("state", row -> row.state().name())
            .text("datastore", JobRow::datastore);

    private final JobStore store;
    private final InstantVms instantVms;
    private final Datastores datastores;
    private final Admission admission;
    private final ServiceAccount vcenter;
    private final VCenterWatch watch;
    private final VmNotes notes;
    private final ApplicationEventPublisher events;
    private final Receipts receipts;
    private final VmRemoval removal;
    private final Sights sights;
    private final Clock clock;
    private final Map<String, RunningJob> running = new ConcurrentHashMap<>();
    /// The machines that have, or had, a finalization: menus and tabs ask for hundreds of them at once.
    private final Set<String> everFinalized = ConcurrentHashMap.newKeySet();

    Finalizations(JobStore store, InstantVms instantVms, Datastores datastores, Admission admission,
            ServiceAccount vcenter, VCenterWatch watch, VmNotes notes, Receipts receipts, VmRemoval removal,
            Sights sights,
            ApplicationEventPublisher events, Clock clock) {
        this.removal = removal;
        this.sights = sights;
        this.events = events;
        this.store = store;
        this.instantVms = instantVms;
        this.datastores = datastores;
        this.admission = admission;
        this.vcenter = vcenter;
        this.watch = watch;
        this.notes = notes;
        this.receipts = receipts;
        this.clock = clock;
        everFinalized.addAll(store.vmIds());
    }

    /// Begins a finalization, after everything that speaks against it was looked at.
    ///
    /// @throws Problem that says what speaks against it
    FinalizationView start(Caller caller, FinalizationRequest request) {
        var admitted = admission.admit(caller, request);
        var disks = admitted.disks();
        var job = new Job(UUID.randomUUID().toString(), admitted.vm().vmId(), admitted.currentName(),
                admitted.newName(), admitted.vm().datastore(), admitted.vm().folder(),
                admitted.provisioning(),
                admitted.pace(), Boolean.TRUE.equals(request.verify()), Job.State.ACTIVE, false, null, null,
                false, admitted.vm().changes() == null ? null : VCenterStep.WAITING, admitted.move(), null,
                caller.userName(),
                clock.instant().truncatedTo(ChronoUnit.MILLIS), null);
        if (!store.insert(job)) {
            throw Admission.alreadyFinalizing(job.vmName());
        }
        try {
            instantVms.setFinalization(job.vmId(), Optional.of(job.id()));
            Admission.refuseDiscarded(instantVms, job);
            rename(job, admitted.vm());
        } catch (RuntimeException e) {
            instantVms.setFinalization(job.vmId(), Optional.empty());
            store.delete(job.id());
            throw e;
        }
        everFinalized.add(job.vmId());
        var runningJob = enter(job, disks);
        runningJob.start();
        var view = runningJob.view();
        LOG.info("finalization {} of {}: started by {}, {}", job.id(), job.currentName(), job.initiator(),
                view.provisioning());
        return view;
    }

    private void rename(Job job, InstantVm vm) {
        var name = job.newName();
        if (name != null) {
            admission.rename(vm.ref(), name);
            instantVms.renamed(vm, name);
        }
    }

    private RunningJob enter(Job job, Optional<InstantDisks> disks) {
        var report = new TaskReport(vcenter, watch, notes, MoRef.virtualMachine(job.vmId()),
                job.initiator(), job.task(), task -> store.setTask(job.id(), task), store::knowsTask, clock);
        var after = new AfterWork(promotion(job, disks), relocation(job), job.move());
        var work = disks.filter(_ -> job.state() == Job.State.ACTIVE && !job.movesInstead())
                .map(live -> new RunningJob.Work(live, job.options(), files(job, live)));
        var runningJob = new RunningJob(job, work, after, store, report, receipts, clock,
                new Ended());
        running.put(job.id(), runningJob);
        if (job.state() == Job.State.ACTIVE) {
            instantVms.setFinalization(job.vmId(), Optional.of(job.id()));
        }
        return runningJob;
    }

    private Optional<FollowedTask> relocation(Job job) {
        var vm = MoRef.virtualMachine(job.vmId());
        return Optional.ofNullable(job.move()).map(move -> new FollowedTask(vcenter, watch, vm,
                new Relocating(vcenter, vm, move), move.step(),
                step -> store.setMove(job.id(), move.at(step)), clock));
    }

    private Optional<FollowedTask> promotion(Job job, Optional<InstantDisks> disks) {
        var vm = MoRef.virtualMachine(job.vmId());
        int known = job.progress() == null ? 0 : job.progress().disks().size();
        int count = disks.map(live -> live.disks().size()).orElse(known);
        return Optional.ofNullable(job.promotion()).map(begun -> new FollowedTask(vcenter, watch, vm,
                new Promoting(vcenter, vm, job.datastore(), count), begun,
                step -> store.setPromotion(job.id(), step), clock));
    }

    /// Goes on with what was not over when the server ended.
    void goOn() {
        for (var row : store.unfinished()) {
            var job = withName(row);
            var vm = instantVms.find(job.vmId());
            var disks = vm.flatMap(instantVms::disks);
            var damage = vm.flatMap(instantVms::damage);
            if (job.state() == Job.State.ACTIVE && disks.isEmpty()
                    && (damage.isPresent() || !isSealed(job))) {
                LOG.error(
                        "finalization {} of {}: the disks in [{}] {} are not served, so it does not go on: {}",
                        job.id(), job.currentName(), job.datastore(), job.folder(),
                        damage.orElse(
                                "they are not there; bring the datastore back and start the server again"));
                instantVms.setFinalization(job.vmId(), Optional.of(job.id()));
                continue;
            }
            LOG.info("finalization {} of {}: {}", job.id(), job.currentName(),
                    job.state() == Job.State.ACTIVE
                            ? "goes on after a restart"
                            : "vCenter is told how it ended");
            enter(job, disks).goOn();
        }
    }

    /// The job without its new name, if the server was killed before it had renamed the machine.
    private Job withName(Job job) {
        boolean renamed = instantVms.find(job.vmId()).map(vm -> vm.name().equals(job.newName())).orElse(true);
        if (job.newName() == null || renamed) {
            return job;
        }
        LOG.warn(
                "finalization {} of {}: the machine was not renamed to '{}', since the server was stopped before; rename it in vCenter",
                job.id(), job.vmName(), job.newName());
        return job.withoutNewName();
    }

    /// Whether the disks were sealed before the restart: they are there, as ordinary files.
    private boolean isSealed(Job job) {
        if (isBegun(job.promotion()) || (job.move() != null && isBegun(job.move().step()))) {
            return true; // they were before vCenter was asked, and may be gone from here
        }
        var datastore = datastores.find(job.datastore());
        var progress = job.progress();
        return datastore.isPresent() && progress != null && !progress.disks().isEmpty()
                && progress.disks().stream().allMatch(disk -> {
                    var flat = DiskFiles.flat(datastore.get(), disk.file());
                    return Files.isRegularFile(flat) && !datastore.get().isLiveDiskFile(flat);
                });
    }

    private static boolean isBegun(@Nullable VCenterStep step) {
        return step != null && step.state() != VCenterStep.State.WAITING;
    }

    private Map<String, String> files(Job job, InstantDisks disks) {
        var datastore = datastores.require(job.datastore());
        return disks.disks()
                .stream()
                .collect(Collectors.toMap(LiveDisk::name, disk -> DiskFiles.descriptor(datastore, disk)));
    }

    /// Ends the work on all jobs, to be gone on with at the next start.
    void stop() {
        for (var job : running.values()) {
            try {
                job.stop();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /// The newest first, if no other order is asked for.
    Page<FinalizationView> list(Caller caller, FinalizationFilter filter, PageRequest page) {
        var wanted = visible(caller, filter).toList();
        return SORTING.page(wanted, page).map(row -> view(row.id()));
    }

    /// Those that have a receipt.
    Page<ReceiptsController.ReceiptLine> receipts(Caller caller, FinalizationFilter filter,
            PageRequest page) {
        var wanted = visible(caller, filter).filter(row -> receipts.exists(row.id())).toList();
        return SORTING.page(wanted, page).map(row -> Optional.of(new ReceiptsController.ReceiptLine(row.id(),
                new FinalizationView.Vm(row.vmId(), row.name()), row.datastore(), row.initiator(),
                row.endedAt(), "/api/v1/finalizations/%s/receipt".formatted(row.id()))));
    }

    /// Those that the caller may know of and the filter lets through.
    private Stream<JobRow> visible(Caller caller, FinalizationFilter filter) {
        var sight = sights.of(caller);
        return store.rows().stream().filter(row -> filter.accepts(row, () -> state(row)))
                .filter(row -> sight.covers(row.vmId(), row.initiator()));
    }

    private String state(JobRow row) {
        var active = running.get(row.id());
        return active == null ? ProgressWords.of(row.state()) : active.view().state();
    }

    private Optional<FinalizationView> view(String id) {
        var active = running.get(id);
        var view = active != null
                ? Optional.of(active.view())
                : store.find(id).map(Finalizations::atRest);
        return view.map(this::withReceipt);
    }

    /// Those under way as they are now.
    List<FinalizationView> active() {
        return running.values().stream().map(RunningJob::view).map(this::withReceipt).toList();
    }

    /// Whether there is a finalization of this machine, be it running or over. Answers from memory.
    public boolean existsFor(String vmId) {
        return everFinalized.contains(vmId);
    }

    /// The state of the finalization of a machine, as in [FinalizationView], while it goes on. Answers from memory.
    public Optional<String> stateOf(String vmId) {
        return instantVms.finalization(vmId).map(running::get).map(job -> job.view().state());
    }

    /// How long the finalization of a machine will take, if it has one that can tell.
    public Optional<Duration> timeLeft(String vmId) {
        return instantVms.finalization(vmId).map(running::get)
                .map(job -> job.view().secondsLeft()).map(Duration::ofSeconds);
    }

    FinalizationView find(String id) {
        return view(id).orElseThrow(() -> notFound(id));
    }

    /// A finalization that the caller may know of.
    ///
    /// @throws Problem FINALIZATION_NOT_FOUND
    FinalizationView find(Caller caller, String id) {
        return view(id).filter(view -> sights.of(caller).covers(view.vm().id(), view.initiator()))
                .orElseThrow(() -> notFound(id));
    }

    /// How fast it may be, or might have been.
    PaceSettings pace(String id) {
        var active = running.get(id);
        return active != null
                ? active.pace()
                : store.find(id).map(Job::pace).orElseThrow(() -> notFound(id));
    }

    private FinalizationView withReceipt(FinalizationView view) {
        return receipts.exists(view.id()) ? view.withReceipt() : view;
    }

    FinalizationView pause(Caller caller, String id) {
        var job = require(caller, id);
        job.pause();
        return job.view();
    }

    FinalizationView resume(Caller caller, String id) {
        var job = require(caller, id);
        job.resume();
        return job.view();
    }

    FinalizationView cancel(Caller caller, String id) {
        var job = require(caller, id);
        LOG.info("finalization {}: cancelled by {}", id, caller.userName());
        job.cancel();
        return job.view();
    }

    /// Changes how fast a job may be, for now and after a restart.
    ///
    /// @throws Problem PRECONDITION_FAILED if it is not as the caller has seen it
    FinalizationView changePace(Caller caller, String id, UnaryOperator<PaceSettings> change,
            IfMatch condition) {
        var job = require(caller, id);
        job.changePace(before -> {
            condition.require("pace of finalization " + id, PaceSettingsView.of(before).tag());
            return change.apply(before);
        });
        return job.view();
    }

    /// Waits for a change of a job's state, for at most `time`.
    void awaitChange(String id, Duration time) throws InterruptedException {
        var active = running.get(id);
        if (active != null) {
            active.awaitChange(time);
        } else {
            TimeUnit.NANOSECONDS.sleep(time.toNanos());
        }
    }

    /// A finalization, if the caller may finalize its machine.
    FinalizationView requireRight(Caller caller, String id) {
        var view = find(caller, id);
        caller.require(MoRef.virtualMachine(view.vm().id()), "VM " + view.vm().name(),
                List.of(VmFinalizeKeys.PRIVILEGE_FINALIZE));
        return view;
    }

    /// The job, if the caller may steer it.
    private RunningJob require(Caller caller, String id) {
        var view = requireRight(caller, id);
        var active = running.get(id);
        if (active == null) {
            requireServed(view);
            throw new Problem(ProblemType.INVALID_STATE,
                    "finalization of VM %s: it is %s; nothing can be changed any more"
                            .formatted(view.vm().name(), view.state()))
                    .with("state", view.state());
        }
        return active;
    }

    /// A job that was under way before a restart, and did not go on after it, is not over.
    private void requireServed(FinalizationView view) {
        var vm = instantVms.find(view.vm().id())
                .filter(_ -> instantVms.finalization(view.vm().id()).filter(view.id()::equals).isPresent());
        if (vm.isPresent()) {
            throw new Problem(ProblemType.INVALID_STATE,
                    "finalization of VM %s: it does not go on, since the VM's disks are not served: %s"
                            .formatted(view.vm().name(), instantVms.damage(vm.get()).orElse(
                                    "they are not there; bring the datastore back and start the server again")))
                    .with("state", view.state());
        }
    }

    private static Problem notFound(String id) {
        return new Problem(ProblemType.FINALIZATION_NOT_FOUND,
                "finalization '%s': there is none; see the list of all"
                        .formatted(id.length() > 40 ? id.substring(0, 40) : id));
    }

    private static FinalizationView atRest(Job job) {
        var progress = job.progress();
        return FinalizationView.of(job, ProgressWords.of(job.state()),
                progress == null ? SavedProgress.NONE : progress);
    }

    /// Keeps the list of instant VMs in step with the jobs.
    private final class Ended implements RunningJob.Ending {

        @Override
        public void sealed(Job job) {
            instantVms.find(job.vmId()).ifPresent(vm -> {
                LOG.info("backup {}: safe to unplug; VM {} has all its data and nothing reads it any more",
                        vm.backup(), job.currentName());
                events.publishEvent(new BackupReleased(vm, true));
            });
        }

        @Override
        public boolean leftBehind(Job job) {
            try {
                instantVms.find(job.vmId()).ifPresent(vm -> removal.deleteFiles(vm, true));
                return true;
            } catch (Problem e) {
                LOG.warn("{}", e.getMessage());
                return false;
            }
        }

        @Override
        public void ending(Job job, Job.State state) {
            // Before the row: after a crash in between, the job goes on and finds nothing left to do.
            if (state == Job.State.COMPLETED) {
                instantVms.forget(job.vmId());
            }
        }

        @Override
        public void ended(Job job) {
            instantVms.setFinalization(job.vmId(), Optional.empty());
            events.publishEvent(new JobEnded(job.id()));
        }

        @Override
        public void reported(Job job) {
            running.remove(job.id());
        }
    }
}
