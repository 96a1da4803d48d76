package org.vmfinalize.server.finalization;

import java.time.Clock;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vmfinalize.server.problem.Problem;
import org.vmfinalize.server.vcenter.ServiceAccount;
import org.vmfinalize.server.vcenter.VCenterWatch;
import org.vmfinalize.server.vcenter.VmFinalizeKeys;
import org.vmfinalize.server.vcenter.VmNotes;
import org.vmfinalize.vcenter.ExtensionTask;
import org.vmfinalize.vcenter.MoRef;
import org.vmfinalize.vcenter.TaskPhrase;
import org.vmfinalize.vcenter.VCenterException;
import org.vmfinalize.vcenter.VCenterFault;

/// Keeps the task that users see in vCenter in step with a job.
///
/// vCenter may be away, restart, and forget the task: nothing of that stops the job. What could not be said is said when
/// vCenter is back, after growing pauses; a forgotten task is made anew. Where the plugin's registration was taken away vCenter
/// takes no task of ours: then the job ends without one.
///
/// **Threads:** the job's own thread, but for [#trouble()] and [#task()].
final class TaskReport {

    private static final Logger LOG = LoggerFactory.getLogger(TaskReport.class);

    private final ServiceAccount vcenter;
    private final VCenterWatch watch;
    private final VmNotes notes;
    private final EventReport events;
    private final MoRef vm;
    private final String initiator;
    private final Consumer<String> taskMade;
    private final Predicate<String> isKnown;
    private final GrowingPause pause;

    private volatile @Nullable MoRef taskRef;
    private volatile @Nullable String trouble;
    private @Nullable ExtensionTask task;
    private int percentSaid = -1;
    private @Nullable TaskPhrase phraseSaid;
    private boolean cancelRequested;
    private boolean vmGone;
    private boolean unregistered;

    /// @param initiator whom vCenter is to name as the one who started it
    /// @param task the task that was made before a restart, if there is one
    /// @param taskMade is told the id of each task that is made
    /// @param isKnown whether a task's id was ever written down
    TaskReport(ServiceAccount vcenter, VCenterWatch watch, VmNotes notes, MoRef vm, String initiator,
            @Nullable String task, Consumer<String> taskMade, Predicate<String> isKnown, Clock clock) {
        this.isKnown = isKnown;
        this.notes = notes;
        this.events = new EventReport(notes, vm, task != null);
        this.vcenter = vcenter;
        this.watch = watch;
        this.vm = vm;
        this.initiator = initiator;
        this.taskRef = task == null ? null : new MoRef("Task", task);
        this.taskMade = taskMade;
        this.pause = new GrowingPause(clock);
    }

    /// Why vCenter cannot be told at the moment, if so.
    Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    /// The id of the task, once there is one.
    @Nullable
    String task() {
        var ref = taskRef;
        return ref == null ? null : ref.value();
    }

    /// Whether a user pressed Cancel in vCenter, as the last update found.
    boolean cancelRequested() {
        return cancelRequested;
    }

    /// Says how far the job is, where that changed, and looks whether somebody cancelled the task.
    void update(FinalizationView view) {
        int percent = view.percent();
        var phrase = Phrase.of(view);
        attempt(false, () -> {
            var current = currentTask();
            events.follow(view);
            cancelRequested = watch.task(current.ref())
                    .map(status -> status.cancelAsked() || status.isCancelled()).orElse(false);
            if (cancelRequested) {
                return;
            }
            if (percent != percentSaid) {
                current.progress(percent);
                percentSaid = percent;
            }
            if (!phrase.equals(phraseSaid)) {
                current.describe(phrase);
                phraseSaid = phrase;
            }
        });
    }

    /// Makes the VM a regular one and ends the task well: also if it was not moved, which is said then.
    ///
    /// @param move how it was moved, if it was to be
    /// @return whether vCenter knows it now; if not, it is to be tried again
    boolean completed(@Nullable Move move) {
        return attempt(true, () -> {
            clearManagedBy();
            notes.runsByItself(vm);
            var current = currentTask();
            if (percentSaid != 100) {
                current.progress(100);
                percentSaid = 100;
            }
            current.describe(move == null || move.wasMoved()
                    ? Phrase.done()
                    : Phrase.notMoved(move));
            events.completed(move);
            current.succeed();
            watch.leave(current.ref());
        });
    }

    private void clearManagedBy() {
        try {
            vcenter.ask(session -> {
                session.clearManagedBy(vm);
                return vm;
            });
        } catch (VCenterFault fault) {
            // Somebody took the machine out of the inventory: then nothing is left to be cleared.
            if (!fault.is(VCenterFault.MANAGED_OBJECT_NOT_FOUND)) {
                throw fault;
            }
        }
    }

    /// Ends the task as cancelled. Returns as [#completed(Move)].
    boolean cancelled() {
        return attempt(true, () -> {
            events.cancelled();
            var current = currentTask();
            current.cancelled();
            watch.leave(current.ref());
        });
    }

    /// Ends the task with an error. Returns as [#completed(Move)].
    boolean failed(String why) {
        return attempt(true, () -> {
            events.failed(why);
            var current = currentTask();
            current.fail(why);
            watch.leave(current.ref());
        });
    }

    /// Runs `step` unless the pause after a failure still lasts.
    ///
    /// @param last whether it is the end of the task, for which none is needed
    private boolean attempt(boolean last, Runnable step) {
        if (vmGone) {
            return true;
        }
        if (!pause.isOver()) {
            return false;
        }
        unregistered = false;
        try {
            step.run();
            if (trouble != null) {
                LOG.info("{}: vCenter is told again how the job goes", vm);
            }
            trouble = null;
            pause.reset();
            return true;
        } catch (VCenterFault fault) {
            return unregistered ? withoutTask(last) : refused(fault);
        } catch (VCenterException | Problem e) {
            postpone(e);
            return false;
        }
    }

    private boolean withoutTask(boolean last) {
        if (last) {
            LOG.warn("{}: it ends without a task in vCenter, where the plugin is not registered any more",
                    vm);
            trouble = null;
            return true;
        }
        postpone(new VCenterFault("CreateTask", VCenterFault.INVALID_ARGUMENT,
                "the plugin is not registered any more; run 'vm-finalize register'", VmFinalizeKeys.TASK));
        return false;
    }

    private boolean refused(VCenterFault fault) {
        if (fault.is(VCenterFault.MANAGED_OBJECT_NOT_FOUND) && task == null) {
            LOG.warn(
                    "{}: it is not in vCenter's inventory any more; the job goes on with its disks alone: {}",
                    vm,
                    fault.getMessage());
            vmGone = true;
            trouble = null;
            return true;
        }
        boolean taskIsOver = fault.is(VCenterFault.MANAGED_OBJECT_NOT_FOUND)
                || fault.is(VCenterFault.INVALID_STATE);
        if (taskIsOver && task != null) {
            LOG.info("{}: vCenter has forgotten the task {}; a new one is made", vm, task());
            forgetTask();
        }
        postpone(fault);
        return false;
    }

    private void postpone(RuntimeException e) {
        if (trouble == null) {
            LOG.warn("{}: vCenter is not told how the job goes, which itself goes on: {}", vm,
                    e.getMessage());
        }
        trouble = e.getMessage();
        pause.begin();
    }

    private void forgetTask() {
        var forgotten = taskRef;
        if (forgotten != null) {
            watch.leave(forgotten);
        }
        task = null;
        taskRef = null;
        percentSaid = -1;
        phraseSaid = null;
    }

    private ExtensionTask currentTask() {
        var current = task;
        if (current != null) {
            return current;
        }
        var known = taskRef;
        if (known != null) {
            current = vcenter.ask(session -> session.task(known, VmFinalizeKeys.TASK));
        } else {
            current = orphan().orElseGet(this::makeTask);
            taskRef = current.ref();
            taskMade.accept(current.ref().value());
            run(current);
        }
        task = current;
        return current;
    }

    private ExtensionTask makeTask() {
        try {
            return vcenter.ask(session -> session.createTask(vm, VmFinalizeKeys.TASK, initiator, true));
        } catch (VCenterFault fault) {
            // It knows no such task: those of an extension go with its registration.
            unregistered = fault.is(VCenterFault.INVALID_ARGUMENT);
            throw fault;
        }
    }

    /// A task that a server made just before it was killed, so that nobody knows it: else it would stay for ever.
    private Optional<ExtensionTask> orphan() {
        return vcenter.ask(session -> session.ownTaskOf(vm, VmFinalizeKeys.TASK))
                .filter(ref -> !isKnown.test(ref.value()))
                .map(ref -> vcenter.ask(session -> session.task(ref, VmFinalizeKeys.TASK)));
    }

    private static void run(ExtensionTask task) {
        try {
            task.running();
        } catch (VCenterFault fault) {
            // It runs already.
            if (!fault.is(VCenterFault.INVALID_STATE)) {
                throw fault;
            }
        }
    }
}
